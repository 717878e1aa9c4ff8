//! Lists a person's sessions.

use std::sync::Arc;

use kogents_domain::ids::SessionId;
use kogents_domain::page::PageLimit;
use kogents_domain::session::SessionRecord;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

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

/// Lists the caller's sessions.
pub struct ListSessions {
    /// The store.
    pub store: Arc<dyn Store>,
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
        let user = command.caller.user_id;
        let mut unit = self.store.read(Scope::Person(user)).await?;
        if command.all {
            let page = unit
                .sessions()
                .list_all(user, command.limit, command.after)
                .await?;
            let total = unit.sessions().count_all(user).await?;
            return Ok(SessionList {
                sessions: page.items,
                total,
                next: page.next,
                now,
            });
        }
        let sessions = unit.sessions().list_live(user, now).await?;
        let total = u64::try_from(sessions.len()).unwrap_or(u64::MAX);
        Ok(SessionList {
            sessions,
            total,
            next: None,
            now,
        })
    }
}
