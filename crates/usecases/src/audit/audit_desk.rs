//! Writes the audit log, in the unit of work of what it tells of.

use std::sync::Arc;

use kogents_domain::audit::{AuditAction, AuditDetail, AuditDetails, AuditEntry, AuditTarget};
use kogents_domain::ids::{AuditId, IdGenerator};
use kogents_domain::session::Session;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;

use super::Doer;

/// Makes entries of the audit log and adds them.
pub struct AuditDesk {
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    action: AuditAction,
    target: Option<AuditTarget>,
    details: AuditDetails,
}

impl Deed {
    /// Something done to nothing in particular.
    pub(crate) const fn new(action: AuditAction) -> Self {
        Self {
            action,
            target: None,
            details: AuditDetails::none(),
        }
    }

    /// Something done to something.
    pub(crate) fn to(action: AuditAction, target: impl Into<AuditTarget>) -> Self {
        Self {
            target: Some(target.into()),
            ..Self::new(action)
        }
    }

    /// With one more detail.
    pub(crate) fn with(self, name: &str, detail: impl Into<AuditDetail>) -> Self {
        Self {
            details: self.details.with(name, detail),
            ..self
        }
    }

    /// With what something was and what it is now, where the two differ.
    pub(crate) fn with_change(self, name: &str, from: &str, to: &str) -> Self {
        Self {
            details: self.details.with_change(name, from, to),
            ..self
        }
    }

    /// The same of something that may be missing: then its half is missing as well.
    pub(crate) fn with_optional_change(
        self,
        name: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Self {
        if from == to {
            return self;
        }
        let from = from.map(|from| (format!("{name}From"), from));
        let to = to.map(|to| (format!("{name}To"), to));
        let halves = from.into_iter().chain(to);
        halves.fold(self, |deed, (name, value)| deed.with(&name, value))
    }

    /// The deed, if there is anything to be said of it: a change that changed something.
    pub(crate) fn if_any(self) -> Option<Self> {
        (!self.details.by_name().is_empty()).then_some(self)
    }
}

impl AuditDesk {
    /// Tells that somebody did something.
    pub(crate) async fn record(
        &self,
        unit: &mut dyn UnitOfWork,
        by: impl Into<Doer>,
        deed: Deed,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let entry = self.entry(by.into(), deed, now);
        unit.audit().append(&[entry]).await
    }

    /// Tells that somebody did several things, in this order.
    pub(crate) async fn record_all(
        &self,
        unit: &mut dyn UnitOfWork,
        by: impl Into<Doer>,
        deeds: impl IntoIterator<Item = Deed>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let by = by.into();
        let deeds = deeds.into_iter();
        let entries: Vec<_> = deeds.map(|deed| self.entry(by, deed, now)).collect();
        self.append(unit, &entries).await
    }

    /// Tells that sessions ended, each in the log of the workspace it was in.
    pub(crate) async fn record_ended(
        &self,
        unit: &mut dyn UnitOfWork,
        by: impl Into<Doer>,
        ended: &[Session],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let by = by.into();
        let entries: Vec<_> = ended
            .iter()
            .map(|session| {
                let deed = Deed::to(AuditAction::SessionEnded, session.id);
                let deed = match session.end.map(|end| end.reason) {
                    Some(reason) => deed.with("reason", reason.as_str()),
                    None => deed,
                };
                self.entry(by.in_workspace(session.workspace_id), deed, now)
            })
            .collect();
        self.append(unit, &entries).await
    }

    async fn append(
        &self,
        unit: &mut dyn UnitOfWork,
        entries: &[AuditEntry],
    ) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        unit.audit().append(entries).await
    }

    fn entry(&self, by: Doer, deed: Deed, now: Timestamp) -> AuditEntry {
        AuditEntry {
            id: AuditId::from_uuid(self.ids.next()),
            at: now,
            workspace_id: by.workspace_id,
            actor_id: by.actor_id,
            action: deed.action,
            target: deed.target,
            ip_address: by.ip_address,
            session_id: by.session_id,
            details: deed.details,
        }
    }
}
