//! Asks a person who is signed in for their password once more, before what cannot be undone.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::auth::{EnteredPassword, HashError, User};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::LimitLedger;
use kogents_domain::store::{Scope, Store, StoreError};

use super::{Credentials, Device, Entered, NotTried, NotVerified, Tried};
use crate::limits::Limited;

/// A password that is to prove that the person themselves is there.
#[derive(Debug, Clone)]
pub struct ReauthenticateCommand {
    /// Who is signed in.
    pub user_id: UserId,
    /// In which session.
    pub session_id: SessionId,
    /// The password they entered, if they did.
    pub password: Option<EnteredPassword>,
    /// The client's address.
    pub ip_address: IpAddr,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why it is not proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReauthenticateError {
    /// No password, or not theirs.
    #[error("the present password is needed")]
    Required,
    /// Too many were wrong.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// No verdict on the password.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotTried> for ReauthenticateError {
    fn from(error: NotTried) -> Self {
        match error {
            NotTried::Limited(limited) => Self::Limited(limited),
            NotTried::Hash(error) => Self::Hash(error),
            NotTried::Store(error) => Self::Store(error),
        }
    }
}

impl From<NotVerified> for ReauthenticateError {
    fn from(error: NotVerified) -> Self {
        match error {
            NotVerified::Mismatch => Self::Required,
            NotVerified::Hash(error) => Self::Hash(error),
            NotVerified::Store(error) => Self::Store(error),
        }
    }
}

/// Compares the password of a person who is signed in. What fails counts like a failed sign-in to
/// their address from this client, and as one of the session, so that a stolen session is no place to guess at passwords.
pub struct Reauthenticate {
    /// Compares the password.
    pub credentials: Arc<Credentials>,
    /// The store.
    pub store: Arc<dyn Store>,
}

impl Reauthenticate {
    /// Gives the person whose password it is.
    ///
    /// # Errors
    /// See [`ReauthenticateError`].
    pub async fn run(&self, command: ReauthenticateCommand) -> Result<User, ReauthenticateError> {
        let password = command.password.ok_or(ReauthenticateError::Required)?;
        let mut unit = self.store.read(Scope::Person(command.user_id)).await?;
        let user = unit.users().find(command.user_id).await?;
        drop(unit);
        let user = user.ok_or(ReauthenticateError::Required)?;
        let entered = Entered {
            email: &user.email,
            password: &password,
            ip_address: command.ip_address,
            device: Device::SignedIn {
                user: command.user_id,
                session: command.session_id,
            },
            ledger: &command.ledger,
        };
        let mut begun = self.credentials.begin(entered).await?;
        let verified = self.credentials.verified(entered, &mut begun).await;
        let tried = match &verified {
            Ok((proven, _)) if proven.id == user.id => Tried::Passed,
            // The address is somebody else's by now.
            Ok(_) | Err(NotVerified::Mismatch) => Tried::Failed,
            Err(NotVerified::Hash(_) | NotVerified::Store(_)) => Tried::Undecided,
        };
        self.credentials.settle(entered, begun, tried).await?;
        let (proven, _) = verified?;
        if proven.id == user.id {
            Ok(proven)
        } else {
            Err(ReauthenticateError::Required)
        }
    }
}
