//! Takes what a frontend tells of a session that is open already.

use std::sync::Arc;

use kogents_domain::session::{Analytics, SessionRecord};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};

use super::ActivityBook;
use crate::auth::Caller;

/// What the frontend tells of the caller's session.
#[derive(Debug, Clone)]
pub struct FillSessionCommand {
    /// Whose session, and which.
    pub caller: Caller,
    /// What it tells.
    pub analytics: Analytics,
}

/// Why nothing was filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillSessionError {
    /// The session was dropped at this moment.
    #[error("the session is over")]
    Over,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills what the caller's session does not have from its frontend yet.
pub struct FillSession {
    /// The store.
    pub store: Arc<dyn Store>,
    /// What sessions did lately.
    pub book: Arc<ActivityBook>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl FillSession {
    /// Fills, and gives the session as it is then.
    ///
    /// # Errors
    /// See [`FillSessionError`].
    pub async fn run(
        &self,
        command: FillSessionCommand,
    ) -> Result<SessionRecord, FillSessionError> {
        let now = self.clock.now();
        let Caller {
            user_id: user,
            session_id: id,
            ..
        } = command.caller;
        // Mostly a page tells what it has told before.
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let found = unit.sessions().find_record(user, id).await?;
        drop(unit);
        let record = found.ok_or(FillSessionError::Over)?;
        let filled = record.facts.clone().filled(command.analytics.clone());
        let record = if filled == record.facts {
            record
        } else {
            self.fill(command).await?
        };
        let cached = self.book.look_at_one(id, now).await;
        Ok(record.with_activity(cached, self.session_idle))
    }

    async fn fill(&self, command: FillSessionCommand) -> Result<SessionRecord, FillSessionError> {
        let Caller {
            user_id: user,
            session_id: id,
            ..
        } = command.caller;
        let mut unit = self.store.begin(Scope::Person(user)).await?;
        // Two requests that fill one session take turns, so that the first value stays.
        unit.users().find_for_update(user).await?;
        let found = unit.sessions().find_record(user, id).await?;
        let mut record = found.ok_or(FillSessionError::Over)?;
        let facts = record.facts.clone().filled(command.analytics);
        if facts != record.facts {
            unit.sessions().replace_facts(id, &facts).await?;
            unit.commit().await?;
            record.facts = facts;
        }
        Ok(record)
    }
}
