//! Works off the mail queue: at once when a job is committed here, every second for the rest.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::mail::OutboxSignal;
use kogents_usecases::mail::DeliverMail;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;

/// How often the queue is looked at without being told: jobs of retries, and of other processes.
const POLL: Duration = Duration::from_secs(1);

/// Tells the worker of this process that a job was committed.
#[derive(Debug, Default)]
pub(crate) struct MailSignal(Notify);

impl OutboxSignal for MailSignal {
    fn wake(&self) {
        // Kept for a worker that is busy, so that no wake is lost.
        self.0.notify_one();
    }
}

/// The mail worker.
#[derive(Clone)]
pub(crate) struct MailWorker {
    pub(crate) deliver: Arc<DeliverMail>,
    pub(crate) signal: Arc<MailSignal>,
}

impl MailWorker {
    /// Works until told to stop, then sends what is due and ends.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let mut trouble = Trouble::default();
        loop {
            // Asked before the queue is looked at: what is due when the stop comes is still sent.
            let stopping = stop.is_cancelled();
            self.work_off(&mut trouble).await;
            if stopping {
                return;
            }
            tokio::select! {
                () = self.signal.0.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Sends everything that is due.
    async fn work_off(&self, trouble: &mut Trouble) {
        loop {
            let worked = self.deliver.run().await;
            trouble.hear("the mail queue could not be worked off", &worked);
            if !worked.is_ok_and(|count| count >= DeliverMail::BATCH) {
                return;
            }
        }
    }
}
