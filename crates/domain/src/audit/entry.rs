//! One entry of the audit log.

use std::net::IpAddr;

use super::{AuditAction, AuditDetails, AuditTarget};
use crate::ids::{AuditId, SessionId, UserId, WorkspaceId};
use crate::time::{Span, Timestamp};

/// Who did what to what, when and from where. Once written it is never changed; who did it is
/// forgotten when that person's account is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Identity.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The workspace whose log it is in; None: of a person who is in no workspace, or of nobody.
    pub workspace_id: Option<WorkspaceId>,
    /// Who; None: the product itself, somebody who did not prove who they are, or a person whose
    /// account is gone.
    pub actor_id: Option<UserId>,
    /// What.
    pub action: AuditAction,
    /// To what.
    pub target: Option<AuditTarget>,
    /// The client's address.
    pub ip_address: Option<IpAddr>,
    /// The session it was done in.
    pub session_id: Option<SessionId>,
    /// What else is to be said.
    pub details: AuditDetails,
}

impl AuditEntry {
    /// Where it stands in a list.
    #[must_use]
    pub const fn key(&self) -> AuditKey {
        AuditKey {
            at: self.at,
            id: self.id,
        }
    }
}

/// Where an entry stands in a list: by its moment, and by its id among those of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditKey {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub id: AuditId,
}

/// How long entries are kept: 13 months of 31 days, as sessions are. The stores refuse to delete
/// any that are younger.
pub const KEPT: Span = Span::from_secs(13 * 31 * 24 * 3_600);
