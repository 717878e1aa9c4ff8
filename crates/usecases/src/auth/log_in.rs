//! Signs a person in with address and password.

use std::sync::Arc;

use kogents_domain::auth::{
    EmailAddress, EnteredPassword, HashError, NewPassword, PasswordHash, PasswordHasher,
    RefreshTokens, User, Verdict,
};
use kogents_domain::limits::{ClientNetwork, LimitLedger, LimitRule, LimitSubject};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{Analytics, SessionRecord, SessionType};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::Standing;

use super::{SignedIn, TokenMinter};
use crate::limits::{Limited, RateLimits};
use crate::session::{Client, Prepared, SessionGate, SessionOpener};

/// Address, password, and where they come from.
#[derive(Debug, Clone)]
pub struct LogInCommand {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: EnteredPassword,
    /// What the frontend tells.
    pub analytics: Analytics,
    /// What the request says of the client that makes it.
    pub client: Client,
    /// A refresh token that came along: of the person who signs in, of whatever session, it shows
    /// that this is a device they were signed in on.
    pub refresh_token: Option<SecretText>,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// Wrong password, unknown address or suspended person: the answer does not say which.
    #[error("address or password is wrong")]
    InvalidCredentials,
    /// Too many sign-ins have failed.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// No verdict on the password.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs a person in: opens a session in the workspace last used, else the oldest active one.
///
/// Failures are limited, by the address and the client together, by the address, and by the
/// client. Each sign-in is counted as one before the password is looked at, and the count is given
/// back when it turns out not to have failed; so of any number at once no more are compared than
/// may fail. Whoever guesses at an address from many places locks its owner out of none of the
/// devices they were signed in on: for these the limit by address does not hold.
pub struct LogIn {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// Reads the refresh tokens that come along.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Opens the session.
    pub opener: Arc<SessionOpener>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl LogIn {
    /// A person who changes while the password is compared is compared once more.
    const ATTEMPTS: u8 = 2;

    /// Signs in.
    ///
    /// # Errors
    /// See [`LogInError`].
    pub async fn run(&self, command: LogInCommand) -> Result<SignedIn, LogInError> {
        // A flood of sign-ins must not keep the store from those who need it for something else.
        if self.hasher.is_busy() {
            return Err(HashError::Busy.into());
        }
        let now = self.clock.now();
        let charged = self.charged(&command).await?;
        let held = self.limits.take(&command.ledger, &charged, now).await?;

        let outcome = self.attempts(&command).await;
        let cleared = match &outcome {
            // Only this is a failure.
            Err(LogInError::InvalidCredentials) => return outcome,
            Ok(_) => &[LimitRule::LoginPair][..],
            Err(LogInError::Limited(_) | LogInError::Hash(_) | LogInError::Store(_)) => &[],
        };
        self.limits
            .give_back(&command.ledger, held, cleared, now)
            .await;
        outcome
    }

    /// What a failure counts against.
    async fn charged(
        &self,
        command: &LogInCommand,
    ) -> Result<Vec<(LimitRule, LimitSubject)>, StoreError> {
        let client = ClientNetwork::of(command.client.ip_address);
        let address = self.limits.digester.address(&command.email);
        let mut charged = vec![
            (
                LimitRule::LoginPair,
                LimitSubject::MailboxFrom(address, client),
            ),
            (LimitRule::LoginAddress, LimitSubject::Client(client)),
        ];
        if !self.is_known_device(command).await? {
            charged.push((LimitRule::LoginAccount, LimitSubject::Mailbox(address)));
        }
        Ok(charged)
    }

    /// Whether a refresh token of the address's owner came along.
    async fn is_known_device(&self, command: &LogInCommand) -> Result<bool, StoreError> {
        let token = command.refresh_token.as_ref();
        let Some(owner) = token.and_then(|token| self.refresh_tokens.owner(token.expose())) else {
            return Ok(false);
        };
        let mut unit = self.store.read(Scope::System).await?;
        let user = unit.users().find_by_email(&command.email).await?;
        Ok(user.is_some_and(|user| user.id == owner))
    }

    async fn attempts(&self, command: &LogInCommand) -> Result<SignedIn, LogInError> {
        for _ in 0..Self::ATTEMPTS {
            if let Some(signed_in) = self.attempt(command).await? {
                return Ok(signed_in);
            }
        }
        Err(LogInError::InvalidCredentials)
    }

    /// Signs in, unless the person changed between the comparison and the commit.
    async fn attempt(&self, command: &LogInCommand) -> Result<Option<SignedIn>, LogInError> {
        let (user, rehashed) = self.verified(command).await?;

        let now = self.clock.now();
        let prepared = self
            .opener
            .prepare(
                user.id,
                SessionType::Web,
                command.client.clone(),
                command.analytics.clone(),
                now,
            )
            .await?;

        // Opening may end the session that was idle longest.
        let fence = self.gate.fence(user.id, now).await;
        let opened = self.open(&user, rehashed.as_ref(), prepared, now).await;
        self.gate.lift(user.id, fence, now).await;

        let Some((standing, session)) = opened? else {
            return Ok(None);
        };
        self.opener.opened(&session);
        let tokens = self.minter.pair(&session.session, now);
        Ok(Some(SignedIn {
            tokens,
            user,
            standing,
            session,
        }))
    }

    /// The person whose password this is, and a new hash of it where the kept one is outdated.
    /// Costs the same whether the address has an account or not.
    async fn verified(
        &self,
        command: &LogInCommand,
    ) -> Result<(User, Option<PasswordHash>), LogInError> {
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit.users().find_by_email(&command.email).await?;
        drop(unit);

        let hash = found.as_ref().map(|user| user.password_hash.clone());
        let verdict = self.hasher.verify(&command.password, hash).await?;
        let user = found
            .filter(|user| verdict != Verdict::Mismatch && !user.is_suspended())
            .ok_or(LogInError::InvalidCredentials)?;
        let rehashed = match verdict {
            Verdict::MatchOutdated => {
                let password = NewPassword::to_rehash(command.password.clone());
                // The verdict stands; a hash that is not made now is made at the next sign-in.
                self.hasher
                    .hash(&password)
                    .await
                    .inspect_err(|error| tracing::warn!(%error, "an outdated hash stays"))
                    .ok()
            }
            Verdict::Match | Verdict::Mismatch => None,
        };
        Ok((user, rehashed))
    }

    /// Opens the session; None when the person is no longer as they were when the password was
    /// compared.
    async fn open(
        &self,
        verified: &User,
        rehashed: Option<&PasswordHash>,
        mut prepared: Prepared,
        now: Timestamp,
    ) -> Result<Option<(Option<Standing>, SessionRecord)>, StoreError> {
        let mut unit = self.store.begin(Scope::Person(verified.id)).await?;
        // The person may have been suspended, or the password changed, while it was compared; or
        // a sign-in at the same moment has replaced an outdated hash.
        let found = unit.users().find_for_update(verified.id).await?;
        let Some(user) = found
            .filter(|user| !user.is_suspended() && user.password_hash == verified.password_hash)
        else {
            return Ok(None);
        };
        let standing = unit
            .memberships()
            .find_standing(user.id, user.last_workspace_id)
            .await?;
        prepared.new.workspace_id = standing.as_ref().map(|standing| standing.workspace.id);
        let session = self.opener.open(unit.as_mut(), prepared, None, now).await?;
        if session.session.workspace_id != user.last_workspace_id {
            unit.users()
                .set_last_workspace(user.id, session.session.workspace_id, now)
                .await?;
        }
        if let Some(hash) = rehashed {
            unit.users()
                .replace_password_hash(user.id, &user.password_hash, hash, now)
                .await?;
        }
        unit.commit().await?;
        Ok(Some((standing, session)))
    }
}
