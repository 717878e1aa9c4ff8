//! Builds an entry of the audit log.

use std::net::{IpAddr, Ipv6Addr};

use kogents_domain::audit::{AuditAction, AuditDetails, AuditEntry, AuditTarget};
use kogents_domain::ids::{AuditId, RoleId, SessionId, UserId, WorkspaceId};
use kogents_domain::time::Timestamp;

use super::{START, unique_id};

/// Builds an entry of the audit log.
#[must_use]
#[derive(Debug, Clone)]
pub struct AuditEntryBuilder(AuditEntry);

/// Something that the product itself did at [`START`], in no workspace, of which nothing else is to
/// be said, with an id later than all before it.
pub fn an_audit_entry(action: AuditAction) -> AuditEntryBuilder {
    AuditEntryBuilder(AuditEntry {
        id: AuditId::from_uuid(unique_id()),
        at: START,
        workspace_id: None,
        actor_id: None,
        action,
        target: None,
        ip_address: None,
        session_id: None,
        details: AuditDetails::none(),
    })
}

impl AuditEntryBuilder {
    /// Sets every optional member but workspace and actor.
    pub fn everything(mut self) -> Self {
        let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, 0x2a);
        self.0.target = Some(AuditTarget::from(RoleId::from_uuid(unique_id())));
        self.0.ip_address = Some(IpAddr::V6(address));
        self.0.session_id = Some(SessionId::from_uuid(unique_id()));
        self.0.details = AuditDetails::none()
            .with("reason", "it's \"so\"; --")
            .with("added", vec!["chat:read".to_owned(), String::new()])
            .with_change("name", "Büro", "Räume");
        self
    }

    /// Sets when it was done.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.0.at = at;
        self
    }

    /// Sets whose log it is in.
    pub fn in_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.0.workspace_id = Some(workspace);
        self
    }

    /// Sets who did it.
    pub fn by(mut self, actor: UserId) -> Self {
        self.0.actor_id = Some(actor);
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut AuditEntry)) -> Self {
        change(&mut self.0);
        self
    }

    /// The entry.
    #[must_use]
    pub fn build(self) -> AuditEntry {
        self.0
    }
}
