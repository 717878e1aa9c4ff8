//! Reads the access tokens of Kogents (RFC 9068's `at+jwt`, HS256), with the secret that it signs
//! them with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use kogents_domain::auth::{AccessClaims, AccessTokens, TokenError};
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::hs256;

/// What every access token says of its kind.
const KIND: &str = "at+jwt";
/// Who the tokens are for.
const AUDIENCE: &str = "kogents";
/// How far the clocks of two services may differ, in seconds.
const LEEWAY_SECS: u64 = 5;
/// More than any token has; what is longer is not looked at.
const MAX_LEN: usize = 4_096;

/// Reads tokens that one issuer signed with one secret.
pub(crate) struct SharedSecretTokens {
    issuer: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

/// The claims as they stand in a token: these, and no others.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireClaims {
    iss: String,
    aud: String,
    sub: String,
    jti: String,
    iat: u64,
    exp: u64,
    sid: String,
    // Null where there is no workspace; a token without the member is none.
    #[serde(deserialize_with = "present")]
    wid: Option<String>,
}

/// A member that may be null and may not be missing: naming a function takes serde's default for
/// missing options away.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

impl SharedSecretTokens {
    /// Tokens of this issuer (Kogents' `PUBLIC_URL`).
    pub(crate) fn new(issuer: &str, secret: &str) -> Self {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library would ask the system's clock: the moment is given here.
        validation.validate_exp = false;
        Self {
            issuer: issuer.to_owned(),
            signing: EncodingKey::from_secret(secret.as_bytes()),
            verifying: DecodingKey::from_secret(secret.as_bytes()),
            validation,
        }
    }

    fn verified(&self, token: &str) -> Option<WireClaims> {
        if token.len() > MAX_LEN || !is_access_token(token) {
            return None;
        }
        let claims = decode::<WireClaims>(token, &self.verifying, &self.validation)
            .ok()?
            .claims;
        // The library takes lists of issuers and audiences too.
        (claims.iss == self.issuer && claims.aud == AUDIENCE).then_some(claims)
    }
}

impl AccessTokens for SharedSecretTokens {
    /// For the demonstration alone: a service reads tokens, and Kogents makes them. Every one has
    /// the same `jti`.
    fn mint(&self, claims: &AccessClaims) -> SecretText {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(KIND.to_owned());
        let claims = WireClaims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user_id.to_string(),
            jti: "0192f3c0-8888-7abc-8def-0123456789ab".to_owned(),
            iat: claims.issued_at.as_unix_secs(),
            exp: claims.expires_at.as_unix_secs(),
            sid: claims.session_id.to_string(),
            wid: claims.workspace_id.map(|id| id.to_string()),
        };
        // Texts and whole numbers can always be signed; what could not would be no token.
        SecretText::new(encode(&header, &claims, &self.signing).unwrap_or_default())
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let claims = self.verified(token).ok_or(TokenError::Invalid)?;
        let secs = now.as_unix_secs();
        if claims.iat > secs.saturating_add(LEEWAY_SECS) || claims.exp <= claims.iat {
            return Err(TokenError::Invalid);
        }
        if secs >= claims.exp.saturating_add(LEEWAY_SECS) {
            return Err(TokenError::Expired);
        }
        typed(&claims).ok_or(TokenError::Invalid)
    }
}

fn typed(claims: &WireClaims) -> Option<AccessClaims> {
    let is_id = Uuid::try_parse(&claims.jti).is_ok_and(|id| id.get_version_num() == 7);
    if !is_id {
        return None;
    }
    let workspace_id = match &claims.wid {
        Some(text) => Some(WorkspaceId::parse(text).ok()?),
        None => None,
    };
    Some(AccessClaims {
        user_id: UserId::parse(&claims.sub).ok()?,
        session_id: SessionId::parse(&claims.sid).ok()?,
        workspace_id,
        issued_at: moment(claims.iat)?,
        expires_at: moment(claims.exp)?,
    })
}

/// The moment of a `NumericDate` in whole seconds (RFC 7519 section 2).
fn moment(secs: u64) -> Option<Timestamp> {
    let millis = i64::try_from(secs).ok()?.checked_mul(1_000)?;
    Some(Timestamp::from_millis(millis))
}

/// Whether the header says exactly `{alg: "HS256", typ: "at+jwt"}` and nothing else, so that no
/// member of it can select another key, algorithm or kind of token (RFC 8725 section 3).
fn is_access_token(token: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Closed {
        alg: String,
        typ: String,
    }

    let header = token.split('.').next().unwrap_or_default();
    URL_SAFE_NO_PAD
        .decode(header)
        .ok()
        .and_then(|json| serde_json::from_slice::<Closed>(&json).ok())
        .is_some_and(|header| header.alg == "HS256" && header.typ == KIND)
}

#[cfg(test)]
mod tests {
    use kogents_domain::time::Span;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

    fn tokens() -> SharedSecretTokens {
        SharedSecretTokens::new("https://id.example", "a secret of 32 bytes or some more")
    }

    fn claims() -> AccessClaims {
        let id = Uuid::try_parse("0192f3c0-1111-7abc-8def-0123456789ab").unwrap();
        AccessClaims {
            user_id: UserId::from_uuid(id),
            session_id: SessionId::from_uuid(id),
            workspace_id: None,
            issued_at: NOW,
            expires_at: NOW.plus(Span::from_secs(900)),
        }
    }

    #[test]
    fn what_was_minted_is_read_back_until_its_end_with_five_seconds_of_leeway() {
        let token = tokens().mint(&claims());
        let read = |secs| tokens().read(token.expose(), NOW.plus(Span::from_secs(secs)));
        for secs in [-5, 0, 904] {
            assert_eq!(read(secs), Ok(claims()), "{secs}");
        }
        assert_eq!(read(-6), Err(TokenError::Invalid));
        assert_eq!(read(905), Err(TokenError::Expired));
    }

    #[test]
    fn tokens_of_another_secret_issuer_or_kind_are_refused() {
        let refused = |token: &str| tokens().read(token, NOW) == Err(TokenError::Invalid);
        let secret = "a secret of 32 bytes or some more";
        let foreign = SharedSecretTokens::new("https://other.example", secret);
        assert!(refused(foreign.mint(&claims()).expose()));
        let forged = SharedSecretTokens::new("https://id.example", "another secret of 32 bytes...");
        assert!(refused(forged.mint(&claims()).expose()));
        let wire = tokens()
            .verified(tokens().mint(&claims()).expose())
            .unwrap();
        let signed = |header: Header| encode(&header, &wire, &tokens().signing).unwrap();
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(KIND.to_owned());
        assert!(!refused(&signed(header.clone())));
        header.kid = Some("1".to_owned());
        assert!(refused(&signed(header.clone())));
        header.kid = None;
        header.typ = Some("JWT".to_owned());
        assert!(refused(&signed(header)));
        for text in ["", "a.b.c", "..", &"a".repeat(5_000)] {
            assert!(refused(text));
        }
    }
}
