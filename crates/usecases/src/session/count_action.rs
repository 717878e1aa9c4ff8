//! Counts a change that a session made.

use std::sync::Arc;

use kogents_domain::background::Background;
use kogents_domain::ids::SessionId;
use kogents_domain::session::ActivityCount;
use kogents_domain::time::Clock;

use super::ActivityBook;

/// Counts a successful change among a session's actions, after the answer. Its request has been
/// counted when it came; so the session has an entry to count in, or the cache was lost since.
pub struct CountAction {
    /// The counters.
    pub book: Arc<ActivityBook>,
    /// What happens after the answer.
    pub background: Arc<dyn Background>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CountAction {
    /// Counts it soon.
    pub fn run(&self, session: SessionId) {
        let now = self.clock.now();
        let book = Arc::clone(&self.book);
        let work = async move {
            book.count(session, None, ActivityCount::ACTION, now).await;
        };
        self.background.spawn("count action", Box::pin(work));
    }
}
