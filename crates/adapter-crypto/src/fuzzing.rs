//! Readers of sealed and signed octets with the keys of no server, for property tests and for
//! fuzzing. No part of the product: only tests and the feature `fuzzing` have it.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::auth::{AccessClaims, AccessTokens, RefreshClaims, RefreshTokens};
use kogents_domain::digest::{Digester as _, Sealer};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};
use ring::hmac;
use uuid::Uuid;

use crate::{
    AeadSealer, HmacDigester, JwtAccessTokens, JwtRefreshTokens, JwtSecrets, KeyMaterial, Keys,
    SystemIds,
};

const ISSUER: &str = "https://id.example";
const SECRET: &str = "a secret of no server, of more than 32 bytes";
/// How long the tokens live, in seconds.
const LIFETIME_SECS: i64 = 900;
const ISSUED: Timestamp = Timestamp::from_millis(1_000_000);

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let secret = || SecretText::new(SECRET);
    Keys::derive(&KeyMaterial {
        encryption_key: secret(),
        encryption_salt: secret(),
        previous_encryption_key: None,
        secret_key: None,
        jwt_secret: secret(),
        jwt_secret_previous: None,
        jwt_refresh_secret: secret(),
        jwt_refresh_secret_previous: None,
    })
});
static SEALER: LazyLock<AeadSealer> = LazyLock::new(|| AeadSealer::new(&KEYS));
static ACCESS: LazyLock<JwtAccessTokens> = LazyLock::new(|| {
    let lifetime = Span::from_secs(LIFETIME_SECS);
    JwtAccessTokens::new(ISSUER, &secrets(), lifetime, Arc::new(SystemIds::default()))
});
static REFRESH: LazyLock<JwtRefreshTokens> = LazyLock::new(|| {
    let lifetime = Span::from_secs(LIFETIME_SECS);
    let digester = Arc::new(HmacDigester::new(&KEYS));
    JwtRefreshTokens::new(ISSUER, &secrets(), lifetime, digester)
});

fn secrets() -> JwtSecrets {
    JwtSecrets::new(&SecretText::new(SECRET), None)
}

fn session_id() -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(0x0192_f3c0_0002_7abc_8def_0123_4567_89ab))
}

fn user_id() -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x0192_f3c0_0001_7abc_8def_0123_4567_89ab))
}

/// A sealer.
#[must_use]
pub fn sealer() -> &'static dyn Sealer {
    &*SEALER
}

/// A reader of access tokens.
#[must_use]
pub fn access_tokens() -> &'static dyn AccessTokens {
    &*ACCESS
}

/// A reader of refresh tokens.
#[must_use]
pub fn refresh_tokens() -> &'static dyn RefreshTokens {
    &*REFRESH
}

/// What a genuine access token may claim.
#[must_use]
pub fn access_claims() -> AccessClaims {
    AccessClaims {
        user_id: user_id(),
        session_id: session_id(),
        workspace_id: None,
        issued_at: ISSUED,
        expires_at: ISSUED.plus(Span::from_secs(LIFETIME_SECS)),
    }
}

/// What a genuine refresh token may claim.
#[must_use]
pub fn refresh_claims() -> RefreshClaims {
    RefreshClaims {
        user_id: user_id(),
        session_id: session_id(),
        generation: 3,
        token_id: HmacDigester::new(&KEYS).refresh_token_id(session_id(), 3),
        issued_at: ISSUED,
        expires_at: ISSUED.plus(Span::from_secs(LIFETIME_SECS)),
    }
}

/// A token of any header and payload, signed with the right secret.
#[must_use]
pub fn sign(header: &[u8], payload: &[u8]) -> String {
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use kogents_testkit::{parsers, property};

    use super::*;

    #[test]
    fn s9_an_envelope_opens_as_it_was_sealed_or_not_at_all() {
        property::holds("sealed_envelope", |input| {
            parsers::sealed_envelope(input, sealer());
        });
    }

    #[test]
    fn s14_no_text_but_a_genuine_access_token_is_read() {
        property::holds("access_token", |input| {
            parsers::access_token(input, access_tokens(), &access_claims(), sign);
        });
    }

    #[test]
    fn s14_no_text_but_a_genuine_refresh_token_is_read() {
        property::holds("refresh_token", |input| {
            parsers::refresh_token(input, refresh_tokens(), &refresh_claims(), sign);
        });
    }
}
