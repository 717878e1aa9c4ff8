//! Tells of trouble when it begins and when it is over, not at every try in between.

use std::fmt::Display;

/// Whether something that is tried again and again fails at present.
#[derive(Debug, Default)]
pub(super) struct Trouble(bool);

/// What changed with a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Began,
    Over,
    Nothing,
}

impl Trouble {
    /// Notes how a try went.
    pub(super) const fn note(&mut self, failed: bool) -> Change {
        let was = std::mem::replace(&mut self.0, failed);
        match (was, failed) {
            (false, true) => Change::Began,
            (true, false) => Change::Over,
            (false, false) | (true, true) => Change::Nothing,
        }
    }

    /// Notes how a try went and logs what changed. `what` is what was tried: "the mail queue could
    /// not be worked off". The store is away or busy; that is no fault of this program.
    pub(super) fn hear<T, E: Display>(&mut self, what: &'static str, tried: &Result<T, E>) {
        let error = tried.as_ref().err();
        match (self.note(error.is_some()), error) {
            (Change::Began, Some(error)) => tracing::warn!(%error, "{what}"),
            (Change::Over, _) => tracing::info!("over: {what}"),
            (_, Some(error)) => tracing::debug!(%error, "still: {what}"),
            (Change::Nothing | Change::Began, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_told_once_and_its_end_too() {
        let mut trouble = Trouble::default();
        let heard =
            [false, true, true, true, false, false, true].map(|failed| trouble.note(failed));
        use Change::{Began, Nothing, Over};
        assert_eq!(
            heard,
            [Nothing, Began, Nothing, Nothing, Over, Nothing, Began]
        );
    }
}
