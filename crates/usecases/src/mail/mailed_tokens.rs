//! Makes and reads the tokens that mailed links carry.

use std::sync::Arc;

use kogents_domain::auth::{OneTimeToken, TokenPurpose};
use kogents_domain::digest::{Digest, Digester, SealPurpose, Sealer};
use kogents_domain::ids::{IdGenerator, OneTimeTokenId, UserId};
use kogents_domain::mail::MailedToken;
use kogents_domain::random::SecureRandom;
use kogents_domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Makes tokens and reads what they are about.
pub struct MailedTokens {
    /// Makes the digests that are kept of them.
    pub digester: Arc<dyn Digester>,
    /// Seals what they are about.
    pub sealer: Arc<dyn Sealer>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Makes the tokens.
    pub random: Arc<dyn SecureRandom>,
}

impl MailedTokens {
    /// A token for a person, or for nobody, and what is kept of it.
    #[must_use]
    pub fn issue(
        &self,
        purpose: TokenPurpose,
        user: Option<UserId>,
        now: Timestamp,
    ) -> (MailedToken, OneTimeToken) {
        let token = MailedToken::generate(self.random.as_ref());
        let kept = OneTimeToken {
            id: OneTimeTokenId::from_uuid(self.ids.next()),
            purpose,
            digest: self.digest(&token),
            user_id: user,
            workspace_id: None,
            payload: None,
            created_at: now,
            expires_at: now.plus(purpose.lifetime()),
        };
        (token, kept)
    }

    /// The same, about something else too.
    #[must_use]
    pub fn issue_about<T: Serialize>(
        &self,
        purpose: TokenPurpose,
        user: UserId,
        about: &T,
        now: Timestamp,
    ) -> (MailedToken, OneTimeToken) {
        let (token, mut kept) = self.issue(purpose, Some(user), now);
        // What tokens are about is plain data: serialising it cannot fail.
        let plain = serde_json::to_vec(about).unwrap_or_default();
        let name = *kept.id.as_uuid().as_bytes();
        kept.payload = Some(self.sealer.seal(SealPurpose::OneTimeToken, &name, &plain));
        (token, kept)
    }

    /// What is kept of a token.
    #[must_use]
    pub fn digest(&self, token: &MailedToken) -> Digest {
        self.digester.random_secret(token.secret())
    }

    /// What else a token is about; None when that cannot be read.
    #[must_use]
    pub fn about<T: DeserializeOwned>(&self, kept: &OneTimeToken) -> Option<T> {
        let name = kept.id.as_uuid().as_bytes();
        let sealed = kept.payload.as_deref()?;
        let opened = self.sealer.open(SealPurpose::OneTimeToken, name, sealed);
        serde_json::from_slice(&opened.ok()?).ok()
    }
}
