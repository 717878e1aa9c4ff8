//! Who acts in a workspace.

use std::net::IpAddr;

use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::store::Scope;

use crate::auth::Caller;

/// A caller in the current workspace of their session, which is the only tenant they act in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The person.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The client's address.
    pub ip_address: IpAddr,
}

impl Member {
    /// The caller, if their session is in a workspace.
    #[must_use]
    pub fn of(caller: Caller) -> Option<Self> {
        caller.workspace_id.map(|workspace_id| Self {
            workspace_id,
            user_id: caller.user_id,
            session_id: caller.session_id,
            ip_address: caller.ip_address,
        })
    }

    /// Rows of this tenant only.
    pub(crate) const fn scope(&self) -> Scope {
        Scope::Member(self.workspace_id, self.user_id)
    }
}
