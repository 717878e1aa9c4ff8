//! Tells a person who they are here.

use std::sync::Arc;

use kogents_domain::access::Permission;
use kogents_domain::auth::User;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::Standing;

use super::Caller;
use crate::access::permissions_of;

/// A person, and what they are in the workspace of their session.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The person.
    pub user: User,
    /// Where the person stands in the session's current workspace; None without an active
    /// membership there.
    pub standing: Option<Standing>,
    /// What they may do there, by resource, then by action, then the workspace's own by name;
    /// nothing without a standing.
    pub permissions: Vec<Permission>,
    /// When the person was last active: this request is what they did last.
    pub last_active_at: Timestamp,
}

/// Why there is no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadProfileError {
    /// The person is gone: the session is nobody's any more.
    #[error("the person is gone")]
    Gone,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads the caller's own profile.
pub struct ReadProfile {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ReadProfile {
    /// Reads it.
    ///
    /// # Errors
    /// See [`ReadProfileError`].
    pub async fn run(&self, caller: Caller) -> Result<Profile, ReadProfileError> {
        let last_active_at = self.clock.now();
        // What a workspace defines itself is seen from within it only.
        let scope = match caller.workspace_id {
            Some(current) => Scope::Member(current, caller.user_id),
            None => Scope::Person(caller.user_id),
        };
        let mut unit = self.store.read(scope).await?;
        let user = unit.users().find(caller.user_id).await?;
        let user = user.ok_or(ReadProfileError::Gone)?;
        let standing = match caller.workspace_id {
            Some(current) => unit
                .memberships()
                .find_standing(caller.user_id, Some(current))
                .await?
                // Who has no place in it any more may have one elsewhere, which is not told of.
                .filter(|standing| standing.workspace.id == current),
            None => None,
        };
        let permissions = match &standing {
            Some(standing) => permissions_of(unit.as_mut(), &standing.role).await?,
            None => Vec::new(),
        };
        Ok(Profile {
            user,
            permissions,
            standing,
            last_active_at,
        })
    }
}
