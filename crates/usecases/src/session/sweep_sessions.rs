//! Ends sessions that have timed out.

use std::sync::Arc;

use kogents_domain::ids::SessionId;
use kogents_domain::session::{Session, SessionActivity, TimedOut};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::ActivityBook;
use crate::audit::{AuditDesk, Doer};

/// Why sessions were not swept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SweepSessionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweptSessions {
    /// How many sessions ended.
    pub ended: u64,
    /// Whether more may wait.
    pub more: bool,
}

/// Writes the end of sessions that have timed out some time ago: at their last activity. Nothing
/// waits for it, since a session that has timed out is refused at once; so it can wait until
/// everybody has told what they counted.
///
/// The database knows of activity only what was flushed and refreshed, so the cache is asked first;
/// of what was active since, only the idle end is moved. While the cache does not answer, nothing
/// is ended for being idle.
pub struct SweepSessions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// What sessions did lately.
    pub book: Arc<ActivityBook>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// How much longer it waits before its end is written: for what other instances have counted
    /// and not told yet, and for clocks that differ.
    pub patience: Span,
    /// Tells of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// What is to be written of one batch.
#[derive(Default)]
struct Verdicts {
    ended: Vec<TimedOut>,
    moved: Vec<(SessionId, Timestamp)>,
}

impl SweepSessions {
    /// How many sessions one unit of work ends at most.
    pub const BATCH: u32 = 1_000;

    /// Sweeps one batch.
    ///
    /// # Errors
    /// See [`SweepSessionsError`].
    pub async fn run(&self) -> Result<SweptSessions, SweepSessionsError> {
        let at = self.clock.now();
        let now = at.minus(self.patience);
        let mut unit = self.store.read(Scope::System).await?;
        let idle = unit.session_upkeep().list_idle(now, Self::BATCH).await?;
        drop(unit);
        let is_full = u32::try_from(idle.len()).is_ok_and(|count| count >= Self::BATCH);

        let verdicts = self.judge(idle, now).await;
        if verdicts.ended.is_empty() && verdicts.moved.is_empty() {
            return Ok(SweptSessions {
                ended: 0,
                more: false,
            });
        }
        let mut unit = self.store.begin(Scope::System).await?;
        let upkeep = unit.session_upkeep();
        upkeep.move_idle_ends(&verdicts.moved).await?;
        let ended = upkeep.end_timed_out(&verdicts.ended, now).await?;
        // It happens now that they are ended, whenever they timed out.
        self.audit
            .record_ended(unit.as_mut(), Doer::NOBODY, &ended, at)
            .await?;
        unit.commit().await?;
        Ok(SweptSessions {
            ended: u64::try_from(ended.len()).unwrap_or(u64::MAX),
            more: is_full,
        })
    }

    async fn judge(&self, idle: Vec<(Session, SessionActivity)>, now: Timestamp) -> Verdicts {
        let ids: Vec<SessionId> = idle.iter().map(|(session, _)| session.id).collect();
        let looked = self.book.look(&ids, now).await;
        let is_known = looked
            .as_ref()
            .inspect_err(|error| tracing::warn!(%error, "no session is ended for being idle"))
            .is_ok();
        let looked = looked.unwrap_or_else(|_| vec![None; ids.len()]);

        let mut verdicts = Verdicts::default();
        for ((session, stored), cached) in idle.into_iter().zip(looked) {
            let activity = cached.map_or(stored, |cached| cached.latest(stored));
            let heard = session.heard(activity.last_activity_at, self.session_idle);
            match heard.timed_out(now) {
                // Past the absolute end nothing that may be known could change it.
                Some(reason) if is_known || heard.absolute_expires_at <= now => {
                    verdicts.ended.push(TimedOut {
                        session_id: heard.id,
                        at: activity.last_activity_at.min(now),
                        reason,
                    });
                }
                Some(_) => {}
                None => verdicts.moved.push((heard.id, heard.idle_expires_at)),
            }
        }
        verdicts
    }
}
