//! An answer that many ask for and that is got for all of them at once.

use std::future::Future;

use futures_util::lock::Mutex;
use kogents_domain::time::{Clock, Span, Timestamp};

/// The last answer to a question; none at the start.
///
/// However many ask, the question is put by one at a time, and not again before the answer, good or
/// bad, was shared for a second. Who asks while it is put waits for that answer.
pub struct Shared<T>(Mutex<Option<(Timestamp, T)>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone> Shared<T> {
    /// How long an answer is shared, from when it came.
    pub const FOR: Span = Span::from_secs(1);

    /// The answer of a moment ago, else what `ask` gives.
    pub(crate) async fn or_ask(&self, clock: &dyn Clock, ask: impl Future<Output = T>) -> T {
        let mut last = self.0.lock().await;
        let now = clock.now();
        if let Some((came_at, answer)) = last.as_ref()
            && is_fresh(now.since(*came_at), Self::FOR)
        {
            return answer.clone();
        }
        let answer = ask.await;
        *last = Some((clock.now(), answer.clone()));
        answer
    }
}

/// A clock that was set back must not keep an answer alive.
fn is_fresh(age: Span, lifetime: Span) -> bool {
    age >= Span::from_millis(0) && age < lifetime
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_fresh_for_a_second_and_never_from_the_future() {
        for (age_millis, fresh) in [(0, true), (999, true), (1_000, false), (-1, false)] {
            let age = Span::from_millis(age_millis);
            assert_eq!(is_fresh(age, Shared::<()>::FOR), fresh, "{age_millis}");
        }
    }
}
