//! The port by which operators look at the mail queue and mend it.

use async_trait::async_trait;

use super::{Lane, MailState};
use crate::ids::MailId;
use crate::page::{Page, PageLimit};
use crate::store::StoreError;
use crate::time::Timestamp;

/// A job as operators see it: everything but what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailEntry {
    /// Identity; the left part of the Message-ID.
    pub id: MailId,
    /// What has become of it.
    pub state: MailState,
    /// The lane it waits or waited in.
    pub lane: Lane,
    /// Which template renders it, as the store has it: another release may know others.
    pub template: String,
    /// In which language, as the store has it.
    pub language: String,
    /// To whom, as the address was given; None once it was wiped.
    pub recipient: Option<String>,
    /// Tries that were begun.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// Not tried before this moment.
    pub run_at: Timestamp,
    /// Not sent from this moment on.
    pub expires_at: Option<Timestamp>,
    /// Until when a worker has it.
    pub lease_until: Option<Timestamp>,
    /// When it was sent, given up or voided.
    pub finished_at: Option<Timestamp>,
    /// Why the last try failed, without addresses.
    pub last_error: Option<String>,
    /// Whether what it says is still kept.
    pub has_message: bool,
}

/// Which jobs to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailFilter {
    /// In this state only.
    pub state: Option<MailState>,
    /// In this lane only.
    pub lane: Option<Lane>,
}

/// How full a lane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneDepth {
    /// The lane.
    pub lane: Lane,
    /// Jobs that wait, those of the future included, but for those that have expired.
    pub queued: u64,
    /// When the job was queued that has waited longest. One that is not due before it has expired
    /// waits for nothing.
    pub waiting_since: Option<Timestamp>,
    /// Dead letters.
    pub dead: u64,
}

/// The operators' view of the mail queue.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutboxAdministration: Send {
    /// The jobs, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(
        &mut self,
        filter: MailFilter,
        limit: PageLimit,
        after: Option<MailId>,
    ) -> Result<Page<MailEntry, MailId>, StoreError>;

    /// The job with an id.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find(&mut self, id: MailId) -> Result<Option<MailEntry>, StoreError>;

    /// Queues a dead letter again as if it were queued now: due at once and with all its tries, if
    /// its message is kept and it has not expired. Says whether it did.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn revive(&mut self, id: MailId, now: Timestamp) -> Result<bool, StoreError>;

    /// The same of at most `limit` dead letters that were given up before `now`, oldest first; says
    /// of how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn revive_dead(&mut self, limit: u32, now: Timestamp) -> Result<u64, StoreError>;

    /// Voids a job that is queued or dead, and wipes it. A worker that has it may deliver it all
    /// the same. Says whether it was either.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn void(&mut self, id: MailId, now: Timestamp) -> Result<bool, StoreError>;

    /// Removes at most `limit` dead letters that were given up before a moment; says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn remove_dead(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// How full each lane is, the most urgent first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn depths(&mut self, now: Timestamp) -> Result<Vec<LaneDepth>, StoreError>;
}
