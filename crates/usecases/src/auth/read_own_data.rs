//! Reads what is held on a person, but for what is listed page by page.

use std::sync::Arc;

use kogents_domain::auth::User;
use kogents_domain::session::SeenDevice;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::PersonMembership;

use super::Caller;

/// What is held on a person. Their sessions are given by
/// [`ListSessions`](crate::session::ListSessions), what they did by
/// [`ListOwnActs`](crate::audit::ListOwnActs).
#[derive(Debug, Clone, PartialEq)]
pub struct OwnData {
    /// The person.
    pub user: User,
    /// Where they are members, of whatever status, by the workspaces' ids.
    pub memberships: Vec<PersonMembership>,
    /// The devices they were seen on, the one seen last first.
    pub devices: Vec<SeenDevice>,
    /// When it was read.
    pub at: Timestamp,
}

/// Why there is nothing to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadOwnDataError {
    /// The person is gone: the session is nobody's any more.
    #[error("the person is gone")]
    Gone,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads what is held on the caller.
pub struct ReadOwnData {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ReadOwnData {
    /// Reads it.
    ///
    /// # Errors
    /// See [`ReadOwnDataError`].
    pub async fn run(&self, caller: Caller) -> Result<OwnData, ReadOwnDataError> {
        let at = self.clock.now();
        let id = caller.user_id;
        let mut unit = self.store.read(Scope::Person(id)).await?;
        let user = unit.users().find(id).await?;
        Ok(OwnData {
            user: user.ok_or(ReadOwnDataError::Gone)?,
            memberships: unit.memberships().list_all_of_person(id).await?,
            devices: unit.devices().list(id).await?,
            at,
        })
    }
}
