//! Access and refresh tokens as JSON Web Tokens (RFC 7519), HS256.

mod access;
mod codec;
mod header;
mod provider;
mod refresh;
mod secrets;

pub use access::JwtAccessTokens;
pub use refresh::JwtRefreshTokens;
pub use secrets::JwtSecrets;

#[cfg(test)]
mod tests;
