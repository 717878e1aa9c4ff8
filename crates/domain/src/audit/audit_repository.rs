//! The port that keeps the audit log.

use async_trait::async_trait;

use super::{AuditAction, AuditEntry, AuditKey};
use crate::auth::{EmailAddress, PersonName};
use crate::ids::{UserId, WorkspaceId};
use crate::page::{Page, PageLimit};
use crate::store::StoreError;
use crate::time::Timestamp;

/// Which entries are asked for; all that is given must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// What was done.
    pub action: Option<AuditAction>,
    /// Who did it.
    pub actor: Option<UserId>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// An entry, and who did it as the workspace knows them today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// The entry.
    pub entry: AuditEntry,
    /// The actor, while they are a member of the workspace, of whatever status: what became of
    /// others is no business of it.
    pub actor: Option<AuditActor>,
}

/// How a workspace knows a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditActor {
    /// The name.
    pub name: PersonName,
    /// The address.
    pub email: EmailAddress,
}

/// Keeps the audit log. It only grows at one end and shrinks at the other: the store itself refuses
/// to change an entry, and to delete one that is younger than [`KEPT`](super::KEPT).
///
/// Lists leave out what a newer release did that this one does not know, as may happen while both
/// run: such entries are kept, and break no list.
///
/// Growth: a row per deed, bounded by the limits on requests; [`sweep`](Self::sweep) removes those
/// past keeping.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AuditRepository: Send {
    /// Adds entries, in the unit of work of what they tell of.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn append(&mut self, entries: &[AuditEntry]) -> Result<(), StoreError>;

    /// A workspace's entries, newest first, those after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(
        &mut self,
        workspace: WorkspaceId,
        filter: AuditFilter,
        limit: PageLimit,
        after: Option<AuditKey>,
    ) -> Result<Page<AuditRecord, AuditKey>, StoreError>;

    /// What a person did, in whichever workspace or in none, newest first, what comes after
    /// `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_of_actor(
        &mut self,
        actor: UserId,
        limit: PageLimit,
        after: Option<AuditKey>,
    ) -> Result<Page<AuditEntry, AuditKey>, StoreError>;

    /// Forgets who did what a person did, and from where and in which session, and from where others
    /// tried what they did not prove to be the person for; what was done stays.
    /// The person is deleted in this unit of work already: of whoever is there the store refuses to
    /// forget it. The product's own to do, in [`Scope::System`](crate::store::Scope::System).
    ///
    /// # Errors
    /// [`StoreError`].
    async fn forget_actor(&mut self, actor: UserId) -> Result<(), StoreError>;

    /// Removes at most `limit` entries of before this moment, the oldest first, and says how many.
    /// Entries younger than [`KEPT`](super::KEPT), by the store's own clock, stay, whatever is asked.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sweep(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
