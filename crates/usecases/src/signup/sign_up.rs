//! Begins a signup.

use std::sync::Arc;

use kogents_domain::auth::{
    EmailAddress, HashError, Language, NewPassword, PasswordHasher, PasswordStrength, PersonName,
    User,
};
use kogents_domain::background::Background;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::{IdGenerator, SignupId};
use kogents_domain::limits::{LimitLedger, LimitRule};
use kogents_domain::mail::OutboxSignal;
use kogents_domain::random::SecureRandom;
use kogents_domain::session::Analytics;
use kogents_domain::signup::{NewPending, PendingSignup, SignupToken};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::{AccountExists, DraftBox};
use crate::limits::{Limited, RateLimits};
use crate::mail::Addressee;

/// Who signs up.
#[derive(Debug, Clone)]
pub struct SignUpCommand {
    /// The address, to be proven.
    pub email: EmailAddress,
    /// The name.
    pub name: PersonName,
    /// The chosen password.
    pub password: NewPassword,
    /// What the frontend tells.
    pub analytics: Analytics,
    /// The language to write in.
    pub language: Language,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// A signup that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedUp {
    /// The bearer secret of the signup.
    pub token: SignupToken,
    /// The address.
    pub email: EmailAddress,
    /// When the signup ends.
    pub expires_at: Timestamp,
}

/// Why no signup began.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// The password is too easily guessed.
    #[error("the password is too easily guessed")]
    WeakPassword,
    /// Too many signups with this address.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The password was not hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The cache.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Begins a signup. Whether the address has an account already shows neither in the answer nor in
/// its time; its owner is told by mail.
pub struct SignUp {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The pending signups.
    pub drafts: Arc<DraftBox>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Hashes the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Judges it.
    pub strength: Arc<dyn PasswordStrength>,
    /// Tells owners of accounts.
    pub account_exists: Arc<AccountExists>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// What happens after the answer.
    pub background: Arc<dyn Background>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Makes the token.
    pub random: Arc<dyn SecureRandom>,
    /// How long a signup lives.
    pub signup_ttl: Span,
}

impl SignUp {
    /// Words about the person, as far as they are known, which a password must not consist of.
    #[must_use]
    pub fn password_context(
        email: Option<&EmailAddress>,
        name: Option<&PersonName>,
    ) -> Vec<String> {
        let email = email.map(|email| email.as_given().to_owned());
        let name = name.map(|name| name.as_str().to_owned());
        email.into_iter().chain(name).collect()
    }

    /// Begins.
    ///
    /// # Errors
    /// See [`SignUpError`].
    pub async fn run(&self, command: SignUpCommand) -> Result<SignedUp, SignUpError> {
        let context = Self::password_context(Some(&command.email), Some(&command.name));
        if !self.strength.is_strong(&command.password, context).await? {
            return Err(SignUpError::WeakPassword);
        }
        let charged = [(LimitRule::SignupEmail, self.limits.mailbox(&command.email))];
        let now = self.clock.now();
        self.limits.take(&command.ledger, &charged, now).await?;
        let password_hash = self.hasher.hash(&command.password).await?;

        let token = SignupToken::generate(self.random.as_ref());
        let key = self.drafts.key(&token);
        let expires_at = now.plus(self.signup_ttl);
        let signup = PendingSignup {
            id: SignupId::from_uuid(self.ids.next()),
            email: command.email.clone(),
            name: command.name,
            password_hash,
            analytics: command.analytics,
            language: command.language.clone(),
            workspace: None,
        };
        let new = NewPending {
            key,
            sealed: self.drafts.seal(&key, &signup),
            address: self.drafts.digester.address(&command.email),
            expires_at,
        };

        let mut unit = self.store.read(Scope::System).await?;
        let owner = unit.users().find_by_email(&command.email).await?;
        drop(unit);
        self.drafts.pending.create(new, now).await?;
        if let Some(owner) = owner {
            self.tell(owner, command.language, now);
        }
        Ok(SignedUp {
            token,
            email: command.email,
            expires_at,
        })
    }

    /// Mails the owner after the answer, so that the answer takes no longer. What a crash loses
    /// here is queued again, with the same pause, when a code is asked for.
    fn tell(&self, owner: User, language: Language, now: Timestamp) {
        let (notices, store, signal) = (
            Arc::clone(&self.account_exists),
            Arc::clone(&self.store),
            Arc::clone(&self.signal),
        );
        let work = async move {
            let queued = async {
                let mut unit = store.read(Scope::System).await?;
                let addressee = Addressee::load(unit.as_mut(), &owner, Some(&language)).await?;
                drop(unit);
                let job = notices.job(&owner, addressee, now);
                let mut unit = store.begin(Scope::System).await?;
                unit.outbox().enqueue(&job).await?;
                unit.commit().await
            }
            .await;
            match queued {
                Ok(()) => signal.wake(),
                Err(error) => tracing::error!(%error, "an account's owner was not told"),
            }
        };
        self.background.spawn("account exists mail", Box::pin(work));
    }
}
