//! The port that keeps the mail queue.

use async_trait::async_trait;

use super::{Lane, MailJob, QueuedMail};
use crate::auth::EmailAddress;
use crate::ids::MailId;
use crate::store::StoreError;
use crate::time::Timestamp;

/// A claim on jobs that are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimDue {
    /// In these lanes, the first of which is served first.
    pub lanes: Vec<Lane>,
    /// The present moment.
    pub now: Timestamp,
    /// Until when the jobs are the claimer's.
    pub lease_until: Timestamp,
    /// Names the claim; who finishes a job must name it (fencing).
    pub lease_token: i64,
    /// The most jobs to claim.
    pub limit: u16,
}

/// Keeps the mail queue: jobs are written in the unit of work of the change they tell of.
///
/// Growth: finished jobs lose payload and recipient at once, dead letters when they expire;
/// both are removed by [`sweep`](Self::sweep).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OutboxRepository: Send {
    /// Queues a job; voids older unsent jobs with its replace key, dead letters among them. Says
    /// false, and queues nothing, when a job with its dedupe key was queued within the window.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn enqueue(&mut self, job: &MailJob) -> Result<bool, StoreError>;

    /// Claims jobs that are due, have not expired and are in nobody's lease; lane by lane, those due
    /// longest first. Counts the try. One that cannot be read becomes a dead letter and stops
    /// nothing; one whose template this release does not know is left for one that does.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn claim_due(&mut self, claim: ClaimDue) -> Result<Vec<QueuedMail>, StoreError>;

    /// Finishes a job that was delivered and wipes it. False when the lease was lost.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn mark_sent(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives a job back to be tried at `run_at`. False when the lease was lost.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn mark_retry(
        &mut self,
        id: MailId,
        lease_token: i64,
        run_at: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError>;

    /// Gives a job back, to be tried from `run_at` on, as if this try had not been. False when the
    /// lease was lost.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn give_back(
        &mut self,
        id: MailId,
        lease_token: i64,
        run_at: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError>;

    /// Gives a job up: a dead letter. It keeps recipient and message, so that an operator can queue
    /// it again, unless it has expired. False when the lease was lost.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn mark_dead(
        &mut self,
        id: MailId,
        lease_token: i64,
        now: Timestamp,
        error: &str,
    ) -> Result<bool, StoreError>;

    /// Drops what has not been sent to an address, dead letters among it: its owner is gone. What is
    /// being sent at this moment may still arrive. Invitations stay: they are a workspace's, and ask
    /// whoever has the mailbox.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn drop_addressed_to(
        &mut self,
        recipient: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Drops what has expired, wipes dead letters that have, and removes jobs that finished before
    /// `finished_before` and whose dedupe window is over. At most 1,000 of each. Gives how many rows
    /// were touched.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sweep(
        &mut self,
        now: Timestamp,
        finished_before: Timestamp,
    ) -> Result<u64, StoreError>;
}

/// Tells the worker of this process that a job was queued; others find it by polling.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait OutboxSignal: Send + Sync {
    /// A job was committed.
    fn wake(&self);
}
