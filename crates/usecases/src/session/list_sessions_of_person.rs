//! Lists a person's sessions for an operator.

use std::sync::Arc;

use kogents_domain::auth::User;
use kogents_domain::ids::SessionId;
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::SessionRecord;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span, Timestamp};

use crate::auth::Whom;

/// Which sessions to list.
#[derive(Debug, Clone)]
pub struct ListSessionsOfPersonCommand {
    /// Whose.
    pub whom: Whom,
    /// Ended ones too, by page; else all live ones.
    pub all: bool,
    /// How many at once, of all.
    pub limit: PageLimit,
    /// After which session, of all.
    pub after: Option<SessionId>,
}

/// A person's sessions, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionsOfPerson {
    /// The person.
    pub user: User,
    /// The sessions.
    pub page: Page<SessionRecord, SessionId>,
    /// The moment the list tells of.
    pub now: Timestamp,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListSessionsOfPersonError {
    /// There is no such person.
    #[error("there is no such person")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists a person's sessions as the database knows them: what they did in the last moments may be
/// with a server still.
pub struct ListSessionsOfPerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// A session ends after this long without activity.
    pub session_idle: Span,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl ListSessionsOfPerson {
    /// Lists.
    ///
    /// # Errors
    /// See [`ListSessionsOfPersonError`].
    pub async fn run(
        &self,
        command: ListSessionsOfPersonCommand,
    ) -> Result<SessionsOfPerson, ListSessionsOfPersonError> {
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let found = command.whom.find(unit.as_mut()).await?;
        let user = found.ok_or(ListSessionsOfPersonError::NotFound)?;
        let sessions = unit.sessions();
        let mut page = if command.all {
            sessions
                .list_all(user.id, command.limit, command.after)
                .await?
        } else {
            Page {
                items: sessions.list_open(user.id, now).await?,
                next: None,
            }
        };
        drop(unit);
        let items = page.items.into_iter();
        let mut items: Vec<SessionRecord> = items
            .map(|record| record.with_activity(None, self.session_idle))
            .collect();
        if !command.all {
            items.retain(|record| record.session.is_live(now));
        }
        page.items = items;
        Ok(SessionsOfPerson { user, page, now })
    }
}
