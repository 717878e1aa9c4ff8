//! Who does something.

use std::net::IpAddr;

use kogents_domain::ids::{SessionId, UserId, WorkspaceId};

use crate::auth::Caller;
use crate::workspace::Member;

/// Who does something, from where and in which session, as the audit log tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doer {
    /// The workspace whose log tells it.
    pub(crate) workspace_id: Option<WorkspaceId>,
    /// The person; None: nobody who has proven who they are, or the product itself.
    pub(crate) actor_id: Option<UserId>,
    /// The session.
    pub(crate) session_id: Option<SessionId>,
    /// The client's address.
    pub(crate) ip_address: Option<IpAddr>,
}

impl Doer {
    /// The product itself, by the passing of time.
    pub(crate) const NOBODY: Self = Self {
        workspace_id: None,
        actor_id: None,
        session_id: None,
        ip_address: None,
    };

    /// A client that has not proven whose it is.
    pub(crate) const fn client(ip_address: IpAddr) -> Self {
        Self {
            ip_address: Some(ip_address),
            ..Self::NOBODY
        }
    }

    /// A person who has proven it by other means than a session.
    pub(crate) const fn person(user: UserId, ip_address: IpAddr) -> Self {
        Self {
            actor_id: Some(user),
            ..Self::client(ip_address)
        }
    }

    /// The same, in the log of a workspace.
    pub(crate) const fn in_workspace(self, workspace_id: Option<WorkspaceId>) -> Self {
        Self {
            workspace_id,
            ..self
        }
    }

    /// The same, in a session.
    pub(crate) const fn in_session(self, session: SessionId) -> Self {
        Self {
            session_id: Some(session),
            ..self
        }
    }
}

impl From<Caller> for Doer {
    fn from(caller: Caller) -> Self {
        Self::person(caller.user_id, caller.ip_address)
            .in_session(caller.session_id)
            .in_workspace(caller.workspace_id)
    }
}

impl From<Member> for Doer {
    fn from(member: Member) -> Self {
        Self::person(member.user_id, member.ip_address)
            .in_session(member.session_id)
            .in_workspace(Some(member.workspace_id))
    }
}
