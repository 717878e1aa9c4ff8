//! Refresh tokens (`refresh+jwt`), whose identifier is derived from session and generation.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kogents_domain::auth::{RefreshClaims, RefreshTokens, TokenError};
use kogents_domain::digest::{Digest, Digester};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::codec::{AUDIENCE, Claims, Codec, moment};
use super::secrets::JwtSecrets;

pub(super) const KIND: &str = "refresh+jwt";

/// Mints and reads refresh tokens. Minting the same claims gives the same bytes: nothing in a
/// token comes from a clock or a random source.
#[derive(Clone)]
pub struct JwtRefreshTokens {
    codec: Arc<Codec>,
    digester: Arc<dyn Digester>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireClaims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    jti: String,
    #[serde(rename = "gen")]
    generation: u32,
    iat: u64,
    exp: u64,
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

impl JwtRefreshTokens {
    /// Tokens issued by `issuer` (`PUBLIC_URL`), good for `lifetime` (the idle one) at most.
    #[must_use]
    pub fn new(
        issuer: impl Into<String>,
        secrets: &JwtSecrets,
        lifetime: Span,
        digester: Arc<dyn Digester>,
    ) -> Self {
        Self {
            codec: Arc::new(Codec::new(KIND, issuer.into(), secrets, lifetime)),
            digester,
        }
    }
}

impl std::fmt::Debug for JwtRefreshTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("JwtRefreshTokens")
            .field(&self.codec)
            .finish()
    }
}

impl RefreshTokens for JwtRefreshTokens {
    fn mint(&self, claims: &RefreshClaims) -> SecretText {
        self.codec.mint(&WireClaims {
            iss: self.codec.issuer().to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user_id.to_string(),
            sid: claims.session_id.to_string(),
            jti: URL_SAFE_NO_PAD.encode(claims.token_id.as_bytes()),
            generation: claims.generation,
            iat: claims.issued_at.as_unix_secs(),
            exp: claims.expires_at.as_unix_secs(),
        })
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<RefreshClaims, TokenError> {
        self.claimed(&self.codec.read(token, now)?)
    }

    fn owner(&self, token: &str) -> Option<UserId> {
        let claims = self.codec.read_at_any_time(token).ok()?;
        self.claimed(&claims).ok().map(|claims| claims.user_id)
    }
}

impl JwtRefreshTokens {
    /// The claims of a verified token whose identifier is the derived one.
    fn claimed(&self, claims: &WireClaims) -> Result<RefreshClaims, TokenError> {
        let session_id = SessionId::parse(&claims.sid).map_err(|_| TokenError::Invalid)?;
        let token_id = self
            .digester
            .refresh_token_id(session_id, claims.generation);
        if !is_encoding_of(&claims.jti, &token_id) {
            return Err(TokenError::Invalid);
        }
        Ok(RefreshClaims {
            user_id: UserId::parse(&claims.sub).map_err(|_| TokenError::Invalid)?,
            session_id,
            generation: claims.generation,
            token_id,
            issued_at: moment(claims.iat)?,
            expires_at: moment(claims.exp)?,
        })
    }
}

/// Compares without telling by its time how far the two agree.
fn is_encoding_of(text: &str, digest: &Digest) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|octets| {
        let difference = octets
            .iter()
            .zip(digest.as_bytes())
            .fold(0_u8, |all, (a, b)| all | (a ^ b));
        octets.len() == digest.as_bytes().len() && difference == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digester::HmacDigester;
    use crate::jwt::tests::{SECRET, at, session, user};
    use crate::keys::Keys;
    use crate::keys::tests::material;

    fn digester() -> HmacDigester {
        HmacDigester::new(&Keys::derive(&material()))
    }

    fn tokens() -> JwtRefreshTokens {
        JwtRefreshTokens::new(
            "https://id.example",
            &JwtSecrets::new(&SecretText::new(SECRET), None),
            Span::from_secs(604_800),
            Arc::new(digester()),
        )
    }

    fn claims(generation: u32) -> RefreshClaims {
        RefreshClaims {
            user_id: user(),
            session_id: session(),
            generation,
            token_id: digester().refresh_token_id(session(), generation),
            issued_at: at(1_000),
            expires_at: at(605_800),
        }
    }

    #[test]
    fn what_was_minted_is_read_back() {
        for generation in [0, 1, u32::MAX] {
            let token = tokens().mint(&claims(generation));
            assert_eq!(
                tokens().read(token.expose(), at(1_000)),
                Ok(claims(generation))
            );
        }
    }

    #[test]
    fn s17_minting_again_gives_the_same_bytes() {
        assert_eq!(tokens().mint(&claims(3)), tokens().mint(&claims(3)));
        assert_ne!(tokens().mint(&claims(3)), tokens().mint(&claims(4)));
        // Also in the next release: parallel instances may run two of them for a while.
        assert_eq!(
            tokens().mint(&claims(3)).expose(),
            "eyJ0eXAiOiJyZWZyZXNoK2p3dCIsImFsZyI6IkhTMjU2In0.\
             eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJrb2dlbnRzIiwic3ViIjoiMDE5MmYzYzAt\
             MDAwMS03YWJjLThkZWYtMDEyMzQ1Njc4OWFiIiwic2lkIjoiMDE5MmYzYzAtMDAwMi03YWJjLThkZWYt\
             MDEyMzQ1Njc4OWFiIiwianRpIjoiNWhDTHF6TDBfTTQtTVY4ZlFsNmpiUm1GWHA0UFpfeUxkcU9YZ3Bp\
             dE9OQSIsImdlbiI6MywiaWF0IjoxMDAwLCJleHAiOjYwNTgwMH0\
             .9tthWzBPV5Ez8VeSfVEiJnBKjHQYhLltpj_fgYPIKSk"
        );
    }

    #[test]
    fn an_identifier_that_is_not_the_derived_one_is_refused() {
        let mut forged = claims(3);
        forged.token_id = digester().refresh_token_id(session(), 4);
        let token = tokens().mint(&forged);
        assert_eq!(
            tokens().read(token.expose(), at(1_000)),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn s18_a_token_past_its_end_has_expired() {
        let token = tokens().mint(&claims(0));
        assert_eq!(
            tokens().read(token.expose(), at(605_805)),
            Err(TokenError::Expired)
        );
    }
}
