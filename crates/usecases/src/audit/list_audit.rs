//! Lists what was done in a workspace.

use std::sync::Arc;

use kogents_domain::audit::{AuditFilter, AuditKey, AuditRecord};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::{Store, StoreError};

use crate::workspace::Member;

/// Which part of the log.
#[derive(Debug, Clone, Copy)]
pub struct ListAuditCommand {
    /// Who asks.
    pub member: Member,
    /// Which entries.
    pub filter: AuditFilter,
    /// How many.
    pub limit: PageLimit,
    /// Those after this one.
    pub after: Option<AuditKey>,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListAuditError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the audit log of the member's current workspace, the newest first.
pub struct ListAudit {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListAudit {
    /// Lists one page.
    ///
    /// # Errors
    /// See [`ListAuditError`].
    pub async fn run(
        &self,
        command: ListAuditCommand,
    ) -> Result<Page<AuditRecord, AuditKey>, ListAuditError> {
        let ListAuditCommand {
            member,
            filter,
            limit,
            after,
        } = command;
        let mut unit = self.store.read(member.scope()).await?;
        let page = unit
            .audit()
            .list(member.workspace_id, filter, limit, after)
            .await?;
        Ok(page)
    }
}
