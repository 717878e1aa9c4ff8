//! Ends all of a person's sessions but the current one.

use std::sync::Arc;

use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::SessionGate;
use crate::audit::AuditDesk;
use crate::auth::Caller;

/// Why they were not ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndOtherSessionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the caller's other sessions.
pub struct EndOtherSessions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl EndOtherSessions {
    /// Ends them and says how many were live.
    ///
    /// # Errors
    /// See [`EndOtherSessionsError`].
    pub async fn run(&self, caller: Caller) -> Result<u64, EndOtherSessionsError> {
        let now = self.clock.now();
        let fence = self.gate.fence(caller.user_id, now).await;
        let ended = self.end(caller, now).await;
        self.gate.lift(caller.user_id, fence, now).await;
        Ok(ended?)
    }

    async fn end(&self, caller: Caller, now: Timestamp) -> Result<u64, StoreError> {
        let mut unit = self.store.begin(Scope::Person(caller.user_id)).await?;
        // A sign-in at the same moment waits, and is ended or not as a whole.
        unit.users().find_for_update(caller.user_id).await?;
        let ended = unit
            .sessions()
            .end_others(
                caller.user_id,
                Some(caller.session_id),
                EndReason::RevokedAll,
                now,
            )
            .await?;
        self.audit
            .record_ended(unit.as_mut(), caller, &ended, now)
            .await?;
        unit.commit().await?;
        let live = ended.iter().filter(|session| now < session.expires_at());
        Ok(u64::try_from(live.count()).unwrap_or(u64::MAX))
    }
}
