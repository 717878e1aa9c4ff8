//! Access tokens: RFC 9068's `at+jwt`.

use std::sync::Arc;

use kogents_domain::auth::{AccessClaims, AccessTokens, TokenError};
use kogents_domain::ids::{IdGenerator, SessionId, UserId, WorkspaceId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::codec::{AUDIENCE, Claims, Codec, moment};
use super::secrets::JwtSecrets;

pub(super) const KIND: &str = "at+jwt";

/// Mints and reads access tokens.
#[derive(Clone)]
pub struct JwtAccessTokens {
    codec: Arc<Codec>,
    ids: Arc<dyn IdGenerator>,
}

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
    // Null where there is no workspace; a token without the member is not ours.
    #[serde(deserialize_with = "present")]
    wid: Option<String>,
}

/// A member that may be null and may not be missing: naming a function takes serde's default for
/// missing options away.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

impl Claims for WireClaims {
    fn issuer(&self) -> &str {
        &self.iss
    }
    fn audience(&self) -> &str {
        &self.aud
    }
    fn issued_at(&self) -> u64 {
        self.iat
    }
    fn expires_at(&self) -> u64 {
        self.exp
    }
}

impl JwtAccessTokens {
    /// Tokens issued by `issuer` (`PUBLIC_URL`), good for `ttl` at most.
    #[must_use]
    pub fn new(
        issuer: impl Into<String>,
        secrets: &JwtSecrets,
        ttl: Span,
        ids: Arc<dyn IdGenerator>,
    ) -> Self {
        Self {
            codec: Arc::new(Codec::new(KIND, issuer.into(), secrets, ttl)),
            ids,
        }
    }
}

impl std::fmt::Debug for JwtAccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("JwtAccessTokens").field(&self.codec).finish()
    }
}

impl AccessTokens for JwtAccessTokens {
    fn mint(&self, claims: &AccessClaims) -> SecretText {
        self.codec.mint(&WireClaims {
            iss: self.codec.issuer().to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user_id.to_string(),
            jti: self.ids.next().hyphenated().to_string(),
            iat: claims.issued_at.as_unix_secs(),
            exp: claims.expires_at.as_unix_secs(),
            sid: claims.session_id.to_string(),
            wid: claims.workspace_id.map(|id| id.to_string()),
        })
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let claims: WireClaims = self.codec.read(token, now)?;
        let invalid = |_| TokenError::Invalid;
        is_uuid_v7(&claims.jti)?;
        Ok(AccessClaims {
            user_id: UserId::parse(&claims.sub).map_err(invalid)?,
            session_id: SessionId::parse(&claims.sid).map_err(invalid)?,
            workspace_id: claims
                .wid
                .as_deref()
                .map(WorkspaceId::parse)
                .transpose()
                .map_err(invalid)?,
            issued_at: moment(claims.iat)?,
            expires_at: moment(claims.exp)?,
        })
    }
}

fn is_uuid_v7(text: &str) -> Result<(), TokenError> {
    match Uuid::try_parse(text) {
        Ok(uuid) if uuid.get_version_num() == 7 && text.len() == 36 => Ok(()),
        Ok(_) | Err(_) => Err(TokenError::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SystemIds;
    use crate::jwt::tests::{SECRET, at, session, user, workspace};

    fn tokens() -> JwtAccessTokens {
        with_secrets(&JwtSecrets::new(&SecretText::new(SECRET), None))
    }

    fn with_secrets(secrets: &JwtSecrets) -> JwtAccessTokens {
        JwtAccessTokens::new(
            "https://id.example",
            secrets,
            Span::from_secs(900),
            Arc::new(SystemIds::default()),
        )
    }

    fn claims(workspace_id: Option<WorkspaceId>) -> AccessClaims {
        AccessClaims {
            user_id: user(),
            session_id: session(),
            workspace_id,
            issued_at: at(1_000),
            expires_at: at(1_900),
        }
    }

    #[test]
    fn what_was_minted_is_read_back() {
        let tokens = tokens();
        for workspace_id in [None, Some(workspace())] {
            let token = tokens.mint(&claims(workspace_id));
            assert_eq!(
                tokens.read(token.expose(), at(1_000)),
                Ok(claims(workspace_id))
            );
        }
    }

    #[test]
    fn every_token_has_an_identifier_of_its_own() {
        let tokens = tokens();
        assert_ne!(tokens.mint(&claims(None)), tokens.mint(&claims(None)));
    }

    #[test]
    fn s14_a_token_holds_from_its_making_to_its_end_with_five_seconds_of_leeway() {
        let tokens = tokens();
        let token = tokens.mint(&claims(None));
        let read = |secs| tokens.read(token.expose(), at(secs)).map(|_| ());
        assert_eq!(read(994), Err(TokenError::Invalid));
        assert_eq!(read(995), Ok(()));
        assert_eq!(read(1_904), Ok(()));
        assert_eq!(read(1_905), Err(TokenError::Expired));
    }

    #[test]
    fn the_previous_secret_still_verifies() {
        let old = SecretText::new(SECRET);
        let new = SecretText::new("the secret after the change, of at least 32 bytes");
        let token = tokens().mint(&claims(None));
        let both = with_secrets(&JwtSecrets::new(&new, Some(&old)));
        assert!(both.read(token.expose(), at(1_000)).is_ok());
        let only_new = with_secrets(&JwtSecrets::new(&new, None));
        assert_eq!(
            only_new.read(token.expose(), at(1_000)),
            Err(TokenError::Invalid)
        );
        let fresh = both.mint(&claims(None));
        assert!(only_new.read(fresh.expose(), at(1_000)).is_ok());
        assert_eq!(
            tokens().read(fresh.expose(), at(1_000)),
            Err(TokenError::Invalid)
        );
    }
}
