//! Cryptography, the clock, ids and random values: the adapters that the domain's ports on
//! secrets, tokens and passwords are implemented by.
//!
//! | port | adapter | technology |
//! |---|---|---|
//! | `Clock`, `IdGenerator`, `SecureRandom` | [`SystemClock`], [`SystemIds`], [`SystemRandom`] | the operating system |
//! | `Digester` | [`HmacDigester`] | SHA-256 and HMAC-SHA-256 |
//! | `Sealer` | [`AeadSealer`] | AES-256-GCM |
//! | `AccessTokens`, `RefreshTokens` | [`JwtAccessTokens`], [`JwtRefreshTokens`] | JWT, HS256 |
//! | `PasswordHasher`, `PasswordStrength` | [`Argon2Hasher`] | Argon2id, zxcvbn |
//!
//! All keys but those of the tokens are derived by [`Keys`].

mod clock;
mod digester;
mod fingerprints;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod ids;
mod jwt;
mod keys;
mod password;
mod random;
mod sealer;

pub use clock::SystemClock;
pub use digester::HmacDigester;
pub use fingerprints::SecretFingerprints;
pub use ids::SystemIds;
pub use jwt::{JwtAccessTokens, JwtRefreshTokens, JwtSecrets};
pub use keys::{KeyMaterial, Keys};
pub use password::{Argon2Hasher, HashingStanding};
pub use random::SystemRandom;
pub use sealer::AeadSealer;
