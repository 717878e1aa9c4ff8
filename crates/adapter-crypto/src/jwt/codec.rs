//! What both kinds of token share: signing, verifying, and the rules on their times.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use kogents_domain::auth::TokenError;
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::secrets::JwtSecrets;
use super::{header, provider};

/// Who the tokens are for.
pub(super) const AUDIENCE: &str = "kogents";
/// How far the clocks of two instances may differ, in seconds.
const LEEWAY_SECS: u64 = 5;
/// More than any token of ours has; what is longer is not looked at.
const MAX_LEN: usize = 4_096;

/// Mints and verifies tokens of one kind.
pub(super) struct Codec {
    header: Header,
    kind: &'static str,
    signing: EncodingKey,
    verifying: Vec<DecodingKey>,
    validation: Validation,
    issuer: String,
    lifetime_secs: u64,
}

/// The claims that every kind has, as they stand in a token.
pub(super) trait Claims: DeserializeOwned {
    /// `iss`.
    fn issuer(&self) -> &str;
    /// `aud`.
    fn audience(&self) -> &str;
    /// `iat`, in seconds since the epoch.
    fn issued_at(&self) -> u64;
    /// `exp`, in seconds since the epoch.
    fn expires_at(&self) -> u64;
}

impl Codec {
    /// A codec for tokens whose header says `typ: kind` and that live for `lifetime` at most.
    pub(super) fn new(
        kind: &'static str,
        issuer: String,
        secrets: &JwtSecrets,
        lifetime: Span,
    ) -> Self {
        provider::install();
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(kind.to_owned());
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&issuer]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library would ask the system's clock and take a float; `check_times` does neither.
        validation.validate_exp = false;
        let verifying = std::iter::once(&secrets.current)
            .chain(&secrets.previous)
            .map(|secret| DecodingKey::from_secret(secret.expose().as_bytes()))
            .collect();
        Self {
            header,
            kind,
            signing: EncodingKey::from_secret(secrets.current.expose().as_bytes()),
            verifying,
            validation,
            issuer,
            lifetime_secs: lifetime.as_secs_floor(),
        }
    }

    /// `iss`.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Signs claims.
    pub(super) fn mint<C: Serialize>(&self, claims: &C) -> SecretText {
        #[expect(
            clippy::expect_used,
            reason = "claims are texts and whole numbers, which always serialize, and the one algorithm is installed"
        )]
        let token = encode(&self.header, claims, &self.signing).expect("the claims can be signed");
        SecretText::new(token)
    }

    /// Verifies a token: form, header, signature, issuer, audience, and last its times.
    pub(super) fn read<C: Claims>(&self, token: &str, now: Timestamp) -> Result<C, TokenError> {
        let claims: C = self.read_at_any_time(token)?;
        self.check_times(claims.issued_at(), claims.expires_at(), now)?;
        Ok(claims)
    }

    /// The same but for its times.
    pub(super) fn read_at_any_time<C: Claims>(&self, token: &str) -> Result<C, TokenError> {
        if token.len() > MAX_LEN || !header::is_ours(token, self.kind) {
            return Err(TokenError::Invalid);
        }
        let claims = self
            .verifying
            .iter()
            .find_map(|key| decode::<C>(token, key, &self.validation).ok())
            .map(|data| data.claims)
            .ok_or(TokenError::Invalid)?;
        if claims.issuer() != self.issuer || claims.audience() != AUDIENCE {
            return Err(TokenError::Invalid);
        }
        Ok(claims)
    }

    fn check_times(&self, issued: u64, expires: u64, now: Timestamp) -> Result<(), TokenError> {
        let now = now.as_unix_secs();
        let latest = issued
            .checked_add(self.lifetime_secs)
            .ok_or(TokenError::Invalid)?;
        if issued > now.saturating_add(LEEWAY_SECS) || expires <= issued || expires > latest {
            return Err(TokenError::Invalid);
        }
        if now >= expires.saturating_add(LEEWAY_SECS) {
            return Err(TokenError::Expired);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Codec")
            .field("kind", &self.kind)
            .field("issuer", &self.issuer)
            .field("lifetime_secs", &self.lifetime_secs)
            .finish_non_exhaustive()
    }
}

/// The moment of a `NumericDate` in whole seconds.
pub(super) fn moment(secs: u64) -> Result<Timestamp, TokenError> {
    i64::try_from(secs)
        .ok()
        .and_then(|secs| secs.checked_mul(1_000))
        .map(Timestamp::from_millis)
        .ok_or(TokenError::Invalid)
}
