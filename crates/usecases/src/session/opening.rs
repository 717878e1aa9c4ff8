//! How it comes that a session is opened.

use std::net::IpAddr;

use kogents_domain::audit::AuditAction;
use kogents_domain::ids::SessionId;
use kogents_domain::session::Session;

use crate::audit::{Deed, Doer};
use crate::auth::Caller;

/// What a session is opened by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenedBy {
    /// Its person has shown a password.
    Password,
    /// Its person has just signed up.
    Signup,
    /// Its person has accepted an invitation.
    Invitation,
    /// Its person is signed in on another client, and asked for one more.
    Session(Caller),
}

/// How a session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    /// By what.
    pub(crate) by: OpenedBy,
    /// If a session has to give way, it is not this one, unless only one may live.
    pub(crate) also_keep: Option<SessionId>,
}

impl Opening {
    /// Any other session may have to give way.
    pub(crate) const fn by(by: OpenedBy) -> Self {
        Self {
            by,
            also_keep: None,
        }
    }

    /// Who opens it. Whoever has just shown who they are acts in the session that they get.
    pub(super) fn doer(self, opened: &Session, ip_address: IpAddr) -> Doer {
        let doer = match self.by {
            OpenedBy::Session(caller) => Doer::from(caller),
            OpenedBy::Password | OpenedBy::Signup | OpenedBy::Invitation => {
                Doer::person(opened.user_id, ip_address).in_session(opened.id)
            }
        };
        doer.in_workspace(opened.workspace_id)
    }

    /// What is told of it.
    pub(super) fn deed(self, opened: &Session) -> Deed {
        let by = match self.by {
            OpenedBy::Password => "password",
            OpenedBy::Signup => "signup",
            OpenedBy::Invitation => "invitation",
            OpenedBy::Session(_) => "session",
        };
        Deed::to(AuditAction::SessionOpened, opened.id)
            .with("type", opened.session_type.as_str())
            .with("by", by)
    }
}
