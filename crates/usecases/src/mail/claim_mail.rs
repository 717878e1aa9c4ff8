//! Takes what is due in the mail queue.

use std::sync::Arc;

use kogents_domain::mail::{ClaimDue, Lane, QueuedMail};
use kogents_domain::random::SecureRandom;
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::LaneRests;

/// How long a claimed job is its claimer's: longer than a mailer may take over one.
pub(super) const LEASE: Span = Span::from_secs(60);

/// What to take.
#[derive(Debug, Clone, Copy)]
pub struct ClaimMailCommand {
    /// From these lanes, the first of which is served first.
    pub lanes: &'static [Lane],
    /// At most so many jobs; of a lane that has rested, one.
    pub limit: u16,
}

/// A job that is this worker's for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The job.
    pub mail: QueuedMail,
    /// Names the claim: who finishes the job must name it.
    pub lease_token: i64,
    /// Until when it is this worker's.
    pub lease_until: Timestamp,
}

/// Why nothing was taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimMailError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes jobs that are due, each for one worker of one instance.
///
/// A mail goes out at least once: a worker that dies between delivery and writing it down leaves a
/// job whose lease runs out, and the next try carries the same Message-ID.
pub struct ClaimMail {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The lanes that rest.
    pub rests: Arc<LaneRests>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Names claims.
    pub random: Arc<dyn SecureRandom>,
}

impl ClaimMail {
    /// Takes what is due. Fewer jobs than asked for mean that nothing more is due, or that the
    /// rest waits in lanes that rest.
    ///
    /// # Errors
    /// See [`ClaimMailError`].
    pub async fn run(&self, command: ClaimMailCommand) -> Result<Vec<ClaimedMail>, ClaimMailError> {
        let now = self.clock.now();
        let working = self.rests.working(command.lanes, now);
        let trials = self.rests.trials(command.lanes, now);
        if working.is_empty() && trials.is_empty() {
            return Ok(Vec::new());
        }
        let claimed = self.claim(working, &trials, command.limit, now).await;
        for lane in trials {
            let is_tried = |claim: &ClaimedMail| claim.mail.lane == lane;
            if !claimed.as_ref().is_ok_and(|all| all.iter().any(is_tried)) {
                self.rests.untried(lane, now);
            }
        }
        Ok(claimed?)
    }

    async fn claim(
        &self,
        working: Vec<Lane>,
        trials: &[Lane],
        limit: u16,
        now: Timestamp,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let mut unit = self.store.begin(Scope::System).await?;
        let mut claimed = Vec::new();
        if !working.is_empty() {
            claimed = self.due(unit.as_mut(), working, limit, now).await?;
        }
        for lane in trials {
            if claimed.len() < usize::from(limit) {
                claimed.extend(self.due(unit.as_mut(), vec![*lane], 1, now).await?);
            }
        }
        unit.commit().await?;
        Ok(claimed)
    }

    async fn due(
        &self,
        unit: &mut dyn UnitOfWork,
        lanes: Vec<Lane>,
        limit: u16,
        now: Timestamp,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let [a, b, c, d, e, f, g, h, ..] = self.random.bytes_32();
        let lease_token = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let lease_until = now.plus(LEASE);
        let due = unit
            .outbox()
            .claim_due(ClaimDue {
                lanes,
                now,
                lease_until,
                lease_token,
                limit,
            })
            .await?;
        let claimed = |mail| ClaimedMail {
            mail,
            lease_token,
            lease_until,
        };
        Ok(due.into_iter().map(claimed).collect())
    }
}
