//! Lists a person's sessions.

use std::cmp::Reverse;
use std::sync::Arc;

use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::PageLimit;
use kogents_domain::session::SessionRecord;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use super::ActivityBook;
use crate::auth::Caller;

/// Which sessions to list.
#[derive(Debug, Clone, Copy)]
pub struct ListSessionsCommand {
    /// Whose.
    pub caller: Caller,
    /// Ended ones too, by page, newest started first; else all live ones, most recently active
    /// first.
    pub all: bool,
    /// How many at once, of all.
    pub limit: PageLimit,
    /// After which session, of all.
    pub after: Option<SessionId>,
}

/// A person's sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionList {
    /// The sessions.
    pub sessions: Vec<SessionRecord>,
    /// How many there are over all pages.
    pub total: u64,
    /// Where the next page begins.
    pub next: Option<SessionId>,
    /// The moment the list tells of.
    pub now: Timestamp,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListSessionsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the caller's sessions, with what they did lately.
pub struct ListSessions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// What sessions did lately.
    pub book: Arc<ActivityBook>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ListSessions {
    /// Lists.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    pub async fn run(
        &self,
        command: ListSessionsCommand,
    ) -> Result<SessionList, ListSessionsError> {
        let now = self.clock.now();
        if command.all {
            self.all(command, now).await
        } else {
            self.live(command.caller.user_id, now).await
        }
    }

    async fn all(
        &self,
        command: ListSessionsCommand,
        now: Timestamp,
    ) -> Result<SessionList, ListSessionsError> {
        let user = command.caller.user_id;
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let page = unit
            .sessions()
            .list_all(user, command.limit, command.after)
            .await?;
        let total = unit.sessions().count_all(user).await?;
        drop(unit);
        Ok(SessionList {
            sessions: self.with_activity(page.items, now).await,
            total,
            next: page.next,
            now,
        })
    }

    async fn live(&self, user: UserId, now: Timestamp) -> Result<SessionList, ListSessionsError> {
        let mut unit = self.store.read(Scope::Person(user)).await?;
        let open = unit.sessions().list_open(user, now).await?;
        drop(unit);
        let mut sessions = self.with_activity(open, now).await;
        sessions.retain(|record| record.session.is_live(now));
        sessions
            .sort_by_key(|record| Reverse((record.activity.last_activity_at, record.session.id)));
        Ok(SessionList {
            total: u64::try_from(sessions.len()).unwrap_or(u64::MAX),
            sessions,
            next: None,
            now,
        })
    }

    async fn with_activity(
        &self,
        records: Vec<SessionRecord>,
        now: Timestamp,
    ) -> Vec<SessionRecord> {
        let ids: Vec<SessionId> = records.iter().map(|record| record.session.id).collect();
        let looked = self.book.look_if_possible(&ids, now).await;
        records
            .into_iter()
            .zip(looked)
            .map(|(record, cached)| record.with_activity(cached, self.session_idle))
            .collect()
    }
}
