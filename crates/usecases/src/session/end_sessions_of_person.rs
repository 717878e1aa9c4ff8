//! Ends sessions of a person: an operator's deed.

use std::sync::Arc;

use kogents_domain::ids::{IdGenerator, SessionId, UserId};
use kogents_domain::notice::NoticeKind;
use kogents_domain::session::{EndReason, Session};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::SessionGate;
use crate::audit::{AuditDesk, Doer};
use crate::auth::{Whom, posted};

/// Whose sessions to end, and which.
#[derive(Debug, Clone)]
pub struct EndSessionsOfPersonCommand {
    /// Whose.
    pub whom: Whom,
    /// Which; None: all of them.
    pub session: Option<SessionId>,
}

/// Why nothing was ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndSessionsOfPersonError {
    /// There is no such person.
    #[error("there is no such person")]
    NoPerson,
    /// It is not theirs, or there is none.
    #[error("the person has no such session")]
    NoSession,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends one session of a person, or all. Servers whose cache this does not reach hear of it by a
/// notice.
pub struct EndSessionsOfPerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of what ended.
    pub audit: Arc<AuditDesk>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl EndSessionsOfPerson {
    /// Ends them and says how many were live.
    ///
    /// # Errors
    /// See [`EndSessionsOfPersonError`].
    pub async fn run(
        &self,
        command: EndSessionsOfPersonCommand,
    ) -> Result<u64, EndSessionsOfPersonError> {
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let found = command.whom.find(unit.as_mut()).await?;
        let user = found.ok_or(EndSessionsOfPersonError::NoPerson)?.id;
        if let Some(session) = command.session {
            let record = unit.sessions().find_record(user, session).await?;
            record.ok_or(EndSessionsOfPersonError::NoSession)?;
        }
        drop(unit);
        let fence = self.gate.fence(user, now).await;
        let ended = self.end(user, command.session, now).await;
        self.gate.lift(user, fence, now).await;
        let ended = ended?;
        let live = ended.iter().filter(|session| now < session.expires_at());
        Ok(u64::try_from(live.count()).unwrap_or(u64::MAX))
    }

    async fn end(
        &self,
        user: UserId,
        session: Option<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let mut unit = self.store.begin(Scope::System).await?;
        // A sign-in at the same moment waits, and is ended or not as a whole.
        unit.users().find_for_update(user).await?;
        let sessions = unit.sessions();
        let ended = match session {
            Some(id) => {
                let ended = sessions.end(id, EndReason::Admin, now).await?;
                ended.into_iter().collect()
            }
            None => {
                sessions
                    .end_others(user, None, EndReason::Admin, now)
                    .await?
            }
        };
        self.audit
            .record_ended(unit.as_mut(), Doer::NOBODY, &ended, now)
            .await?;
        let notice = posted(self.ids.as_ref(), NoticeKind::Sessions, user, now);
        unit.notices().post(&notice).await?;
        unit.commit().await?;
        Ok(ended)
    }
}
