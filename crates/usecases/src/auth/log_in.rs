//! Signs a person in with address and password.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::{
    EmailAddress, EnteredPassword, HashError, NewPassword, PasswordHash, PasswordHasher, User,
    Verdict,
};
use kogents_domain::ids::{IdGenerator, SessionId};
use kogents_domain::session::{Analytics, NewSession, SessionFacts, SessionRecord, SessionType};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::Standing;

use super::{SignedIn, TokenMinter};
use crate::session::SessionGate;

/// Address, password, and where they come from.
#[derive(Debug, Clone)]
pub struct LogInCommand {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: EnteredPassword,
    /// What the frontend tells.
    pub analytics: Analytics,
    /// The client's address.
    pub ip_address: IpAddr,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// Wrong password, unknown address or suspended person: the answer does not say which.
    #[error("address or password is wrong")]
    InvalidCredentials,
    /// No verdict on the password.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs a person in: opens a session in the workspace last used, else the oldest active one.
pub struct LogIn {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Compares passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The most live sessions of one person.
    pub session_limit: u32,
}

impl LogIn {
    /// A person who changes while the password is compared is compared once more.
    const ATTEMPTS: u8 = 2;

    /// Signs in.
    ///
    /// # Errors
    /// See [`LogInError`].
    pub async fn run(&self, command: LogInCommand) -> Result<SignedIn, LogInError> {
        for _ in 0..Self::ATTEMPTS {
            if let Some(signed_in) = self.attempt(&command).await? {
                return Ok(signed_in);
            }
        }
        Err(LogInError::InvalidCredentials)
    }

    /// Signs in, unless the person changed between the comparison and the commit.
    async fn attempt(&self, command: &LogInCommand) -> Result<Option<SignedIn>, LogInError> {
        let (user, rehashed) = self.verified(command).await?;

        let now = self.clock.now();
        let id = SessionId::from_uuid(self.ids.next());
        let new = NewSession {
            id,
            user_id: user.id,
            workspace_id: None,
            session_type: SessionType::Web,
            refresh_digest: self.minter.refresh_digest(id, 0),
            facts: SessionFacts::from_client(command.ip_address, command.analytics.clone()),
        };

        // Opening may end the session that was idle longest.
        let fence = self.gate.fence(user.id, now).await;
        let opened = self.open(&user, rehashed.as_ref(), new, now).await;
        self.gate.lift(user.id, fence, now).await;

        let Some((standing, session)) = opened? else {
            return Ok(None);
        };
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
        mut new: NewSession,
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
        new.workspace_id = standing.as_ref().map(|standing| standing.workspace.id);
        let session = SessionRecord::open(new, &self.minter.lifetimes, now);
        unit.sessions().insert(&session).await?;
        unit.sessions()
            .end_surplus(user.id, session.session.id, self.session_limit, now)
            .await?;
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
