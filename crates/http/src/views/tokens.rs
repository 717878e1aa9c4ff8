//! The answer of a refresh: tokens.

use kogents_usecases::auth::TokenPair;
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi::sets;

/// A fresh access token. The refresh token is in the cookie, or, for clients that cannot hold
/// cookies, beside it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokensView {
    /// The access token, to be sent as `Authorization: Bearer …`.
    #[schema(example = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = sets::TokenType)]
    token_type: &'static str,
    /// How long the access token is good, in seconds.
    #[serde(rename = "expiresIn")]
    #[schema(example = 900)]
    expires_in: u64,
    /// The refresh token; with the header `X-Client-Type: native` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
}

impl TokensView {
    /// `native`: the client cannot hold cookies.
    pub(crate) fn new(tokens: &TokenPair, native: bool) -> Self {
        Self {
            access_token: tokens.access.expose().to_owned(),
            token_type: "Bearer",
            expires_in: tokens.expires_in_secs,
            refresh_token: native.then(|| tokens.refresh.expose().to_owned()),
        }
    }
}

/// The tokens of a session that was opened for another client: its refresh token is in the body,
/// because the cookie is the caller's.
#[derive(Serialize, ToSchema)]
pub(crate) struct OtherClientTokensView {
    /// The access token, to be sent as `Authorization: Bearer …`.
    #[schema(example = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = sets::TokenType)]
    token_type: &'static str,
    /// How long the access token is good, in seconds.
    #[serde(rename = "expiresIn")]
    #[schema(example = 900)]
    expires_in: u64,
    /// The refresh token.
    refresh_token: String,
}

impl OtherClientTokensView {
    pub(crate) fn new(tokens: &TokenPair) -> Self {
        Self {
            access_token: tokens.access.expose().to_owned(),
            token_type: "Bearer",
            expires_in: tokens.expires_in_secs,
            refresh_token: tokens.refresh.expose().to_owned(),
        }
    }
}
