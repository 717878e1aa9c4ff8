//! Ends one of a person's sessions.

use std::sync::Arc;

use kogents_domain::digest::Digester;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{EndReason, SessionHandle, SessionRecord};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::{ActivityBook, SessionGate};
use crate::audit::AuditDesk;
use crate::auth::Caller;

/// Which session to end.
#[derive(Debug, Clone)]
pub struct EndSessionCommand {
    /// Whose.
    pub caller: Caller,
    /// A session's handle, its id, or `current`.
    pub reference: String,
}

/// Why no session was ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndSessionError {
    /// Not the caller's, unknown, or malformed.
    #[error("no such session")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends a session of the caller's; one that is over already stays as it is.
pub struct EndSession {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Verifies handles.
    pub digester: Arc<dyn Digester>,
    /// What sessions did lately.
    pub book: Arc<ActivityBook>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl EndSession {
    /// Ends the session and gives it as it is then.
    ///
    /// # Errors
    /// See [`EndSessionError`].
    pub async fn run(&self, command: EndSessionCommand) -> Result<SessionRecord, EndSessionError> {
        let now = self.clock.now();
        let caller = command.caller;
        let id = self
            .resolve(&command.reference, caller)
            .ok_or(EndSessionError::NotFound)?;
        let mut unit = self.store.read(Scope::Person(caller.user_id)).await?;
        let found = unit.sessions().find_record(caller.user_id, id).await?;
        drop(unit);
        let record = found.ok_or(EndSessionError::NotFound)?;
        let cached = self.book.look_at_one(id, now).await;
        let record = record.with_activity(cached, self.session_idle);
        if !record.session.is_live(now) {
            return Ok(record);
        }

        let fence = self.gate.fence(caller.user_id, now).await;
        let ended = self.end(caller, id, now).await;
        self.gate.lift(caller.user_id, fence, now).await;
        Ok(ended?.with_activity(cached, self.session_idle))
    }

    fn resolve(&self, reference: &str, caller: Caller) -> Option<SessionId> {
        if reference == "current" {
            return Some(caller.session_id);
        }
        SessionHandle::resolve(reference, self.digester.as_ref())
            .or_else(|| SessionId::parse(reference).ok())
    }

    async fn end(
        &self,
        caller: Caller,
        id: SessionId,
        now: Timestamp,
    ) -> Result<SessionRecord, EndSessionError> {
        let mut unit = self.store.begin(Scope::Person(caller.user_id)).await?;
        let ended = unit.sessions().end(id, EndReason::Revoked, now).await?;
        self.audit
            .record_ended(unit.as_mut(), caller, ended.as_slice(), now)
            .await?;
        let record = unit
            .sessions()
            .find_record(caller.user_id, id)
            .await?
            .ok_or(EndSessionError::NotFound)?;
        unit.commit().await?;
        Ok(record)
    }
}
