//! Signs a person in with address and password.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, EnteredPassword, HashError, PasswordHash, User};
use kogents_domain::limits::LimitLedger;
use kogents_domain::secret::SecretText;
use kogents_domain::session::{Analytics, SessionRecord, SessionType};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::Standing;

use super::{
    Credentials, Device, Entered, NotTried, NotVerified, SignedIn, TokenMinter, Tried, Try,
};
use crate::limits::Limited;
use crate::session::{Client, Made, OpenedBy, Opening, Prepared, SessionGate, SessionOpener};

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
/// Failures are limited, as [`Credentials`] says.
pub struct LogIn {
    /// Compares the password, and counts failures.
    pub credentials: Arc<Credentials>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Opens the session.
    pub opener: Arc<SessionOpener>,
    /// Mints the tokens.
    pub minter: Arc<TokenMinter>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl From<NotTried> for LogInError {
    fn from(error: NotTried) -> Self {
        match error {
            NotTried::Limited(limited) => Self::Limited(limited),
            NotTried::Hash(error) => Self::Hash(error),
            NotTried::Store(error) => Self::Store(error),
        }
    }
}

impl From<NotVerified> for LogInError {
    fn from(error: NotVerified) -> Self {
        match error {
            NotVerified::Mismatch => Self::InvalidCredentials,
            NotVerified::Hash(error) => Self::Hash(error),
            NotVerified::Store(error) => Self::Store(error),
        }
    }
}

impl LogIn {
    /// A person who changes while the password is compared is compared once more.
    const ATTEMPTS: u8 = 2;

    /// Signs in.
    ///
    /// # Errors
    /// See [`LogInError`].
    pub async fn run(&self, command: LogInCommand) -> Result<SignedIn, LogInError> {
        let entered = Entered {
            email: &command.email,
            password: &command.password,
            ip_address: command.client.ip_address,
            device: Device::Bringing(command.refresh_token.as_ref()),
            ledger: &command.ledger,
        };
        let mut begun = self.credentials.begin(entered).await?;
        let outcome = self.attempts(entered, &mut begun, &command).await;
        let tried = match &outcome {
            // Only this is a failure.
            Err(LogInError::InvalidCredentials) => Tried::Failed,
            Ok(_) => Tried::Passed,
            Err(LogInError::Limited(_) | LogInError::Hash(_) | LogInError::Store(_)) => {
                Tried::Undecided
            }
        };
        self.credentials.settle(entered, begun, tried).await?;
        outcome
    }

    async fn attempts(
        &self,
        entered: Entered<'_>,
        begun: &mut Try,
        command: &LogInCommand,
    ) -> Result<SignedIn, LogInError> {
        for _ in 0..Self::ATTEMPTS {
            if let Some(signed_in) = self.attempt(entered, begun, command).await? {
                return Ok(signed_in);
            }
        }
        Err(LogInError::InvalidCredentials)
    }

    /// Signs in, unless the person changed between the comparison and the commit.
    async fn attempt(
        &self,
        entered: Entered<'_>,
        begun: &mut Try,
        command: &LogInCommand,
    ) -> Result<Option<SignedIn>, LogInError> {
        let (user, rehashed) = self.credentials.verified(entered, begun).await?;

        let now = self.clock.now();
        let made = self.opener.make(
            user.id,
            SessionType::Web,
            command.client.clone(),
            command.analytics.clone(),
        );
        // Mostly the session is all there is to write, and nothing has to be looked up before.
        let at_once = Session::AtOnce(Box::new(made.clone()));
        let opened = match self.open(&user, rehashed.as_ref(), at_once, now).await? {
            Opened::NotAtOnce => {
                let prepared = Box::new(self.opener.prepare(made, now).await?);
                let prepared = Session::Prepared(prepared);
                // Opening may end the session that was idle longest.
                let fence = self.gate.fence(user.id, now).await;
                let opened = self.open(&user, rehashed.as_ref(), prepared, now).await;
                self.gate.lift(user.id, fence, now).await;
                opened?
            }
            opened @ (Opened::In(..) | Opened::Changed) => opened,
        };
        let Opened::In(standing, session) = opened else {
            return Ok(None);
        };
        self.opener.opened(&session);
        let tokens = self.minter.pair(&session.session, now);
        Ok(Some(SignedIn {
            tokens,
            user,
            standing: *standing,
            session: *session,
        }))
    }

    async fn open(
        &self,
        verified: &User,
        rehashed: Option<&PasswordHash>,
        session: Session,
        now: Timestamp,
    ) -> Result<Opened, StoreError> {
        let mut unit = self.store.begin(Scope::Person(verified.id)).await?;
        // The person may have been suspended, or the password changed, while it was compared; or
        // a sign-in at the same moment has replaced an outdated hash.
        let found = unit.users().find_for_update(verified.id).await?;
        let Some(user) = found
            .filter(|user| !user.is_suspended() && user.password_hash == verified.password_hash)
        else {
            return Ok(Opened::Changed);
        };
        let standing = unit
            .memberships()
            .find_standing(user.id, user.last_workspace_id)
            .await?;
        let workspace = standing.as_ref().map(|standing| standing.workspace.id);
        let opening = Opening::by(OpenedBy::Password);
        let session = match session {
            Session::AtOnce(mut made) => {
                made.new.workspace_id = workspace;
                let opened = self
                    .opener
                    .open_at_once(unit.as_mut(), *made, &user, opening, now)
                    .await?;
                let Some(session) = opened else {
                    return Ok(Opened::NotAtOnce);
                };
                session
            }
            Session::Prepared(mut prepared) => {
                prepared.new.workspace_id = workspace;
                self.opener
                    .open(unit.as_mut(), *prepared, opening, now)
                    .await?
            }
        };
        if workspace != user.last_workspace_id {
            unit.users()
                .set_last_workspace(user.id, workspace, now)
                .await?;
        }
        if let Some(hash) = rehashed {
            unit.users()
                .replace_password_hash(user.id, &user.password_hash, hash, now)
                .await?;
        }
        unit.commit().await?;
        Ok(Opened::In(Box::new(standing), Box::new(session)))
    }
}

/// The session that is to be opened.
enum Session {
    /// If it is all there is to write.
    AtOnce(Box<Made>),
    /// In any case.
    Prepared(Box<Prepared>),
}

/// What became of it.
enum Opened {
    /// It is open, and the person stands so where it is.
    In(Box<Option<Standing>>, Box<SessionRecord>),
    /// More is to be done than was made ready; nothing is written.
    NotAtOnce,
    /// The person is no longer as they were when the password was compared; nothing is written.
    Changed,
}
