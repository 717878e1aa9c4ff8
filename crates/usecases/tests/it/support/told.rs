//! What the audit log is told.

use std::net::IpAddr;

use kogents_domain::audit::{AuditAction, AuditEntry, AuditTarget};
use kogents_domain::ids::{AuditId, SessionId, UserId, WorkspaceId};
use kogents_usecases::workspace::Member;
use serde_json::Value;
use uuid::Uuid;

use super::{Slot, T0, Units, client_ip};

/// On whose behalf something is told, and in which log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By {
    workspace: Option<WorkspaceId>,
    actor: Option<UserId>,
    session: Option<SessionId>,
    ip: Option<IpAddr>,
}

impl By {
    /// The product itself.
    pub(crate) const NOBODY: Self = Self {
        workspace: None,
        actor: None,
        session: None,
        ip: None,
    };

    /// Somebody who has not proven who they are.
    pub(crate) fn client() -> Self {
        Self {
            ip: Some(client_ip()),
            ..Self::NOBODY
        }
    }

    /// A person in no session.
    pub(crate) fn person(user: UserId) -> Self {
        Self {
            actor: Some(user),
            ..Self::client()
        }
    }

    /// A member, in the log of their workspace.
    pub(crate) fn member(member: Member) -> Self {
        let by = Self::person(member.user_id).in_session(member.session_id);
        by.in_log(member.workspace_id)
    }

    pub(crate) fn in_session(self, session: SessionId) -> Self {
        Self {
            session: Some(session),
            ..self
        }
    }

    pub(crate) fn in_log(self, workspace: WorkspaceId) -> Self {
        Self {
            workspace: Some(workspace),
            ..self
        }
    }

    /// The entry that tells, at [`T0`], of something that was done so; without an id of its own.
    pub(crate) fn did(
        self,
        action: &str,
        target: impl Into<Option<AuditTarget>>,
        details: Value,
    ) -> AuditEntry {
        AuditEntry {
            id: AuditId::from_uuid(Uuid::nil()),
            at: T0,
            workspace_id: self.workspace,
            actor_id: self.actor,
            action: AuditAction::from_name(action).unwrap(),
            target: target.into(),
            ip_address: self.ip,
            session_id: self.session,
            details: serde_json::from_value(details).unwrap(),
        }
    }
}

/// Entries without their ids, each of which is another.
pub(crate) fn without_ids(entries: impl IntoIterator<Item = AuditEntry>) -> Vec<AuditEntry> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    let mut ids: Vec<AuditId> = entries.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), entries.len(), "two entries have one id");
    for entry in &mut entries {
        entry.id = AuditId::from_uuid(Uuid::nil());
    }
    entries
}

/// A unit of work in which the audit log is told something: the entries, as they came.
pub(crate) fn hears(unit: &mut Units) -> Heard {
    let heard = Heard(Slot::new());
    let put = heard.0.clone();
    let appends = unit.audit.expect_append();
    appends.times(1..).returning(move |entries| {
        assert!(!entries.is_empty(), "nothing was told");
        entries.iter().for_each(|entry| put.put(entry.clone()));
        Ok(())
    });
    heard
}

/// What an audit log was told.
pub(crate) struct Heard(Slot<AuditEntry>);

impl Heard {
    /// All of it, in order.
    pub(crate) fn all(&self) -> Vec<AuditEntry> {
        without_ids(self.0.all())
    }
}
