//! What is remembered of the looks at a file.

use super::Refreshed;
use crate::fault::Fault;
use crate::file::Stamp;

/// What is remembered of the looks at a file.
#[derive(Debug, Default)]
pub(super) struct Watch {
    has_looked: bool,
    /// The state that was loaded or refused, which needs no other look.
    judged: Option<Stamp>,
    /// The state at the last look, if it is to be loaded when it stays.
    seen: Option<Stamp>,
    /// What was wrong at the last look.
    told: Option<Fault>,
}

impl Watch {
    /// Whether this state was loaded or refused already. What was seen of another is over.
    pub(super) fn is_judged(&mut self, stamp: &Stamp) -> bool {
        let is_judged = self.judged.as_ref() == Some(stamp);
        if is_judged {
            self.seen = None;
        }
        is_judged
    }

    /// Whether this state may be loaded.
    pub(super) fn is_settled(&self, stamp: &Stamp) -> bool {
        !self.has_looked || self.seen.as_ref() == Some(stamp)
    }

    /// This state is new.
    pub(super) fn seen(&mut self, stamp: Stamp) -> Refreshed {
        self.has_looked = true;
        self.seen = Some(stamp);
        Refreshed::Settling
    }

    /// The file changed while it was read.
    pub(super) fn unsettled(&mut self) -> Refreshed {
        self.has_looked = true;
        self.seen = None;
        Refreshed::Settling
    }

    /// This state is loaded.
    pub(super) fn took(&mut self, stamp: Stamp) {
        *self = Self {
            has_looked: true,
            judged: Some(stamp),
            seen: None,
            told: None,
        };
    }

    /// This state, or whatever is there without one, is not used. Told once for each reason.
    pub(super) fn refused(&mut self, stamp: Option<Stamp>, fault: Fault) -> Refreshed {
        self.has_looked = true;
        self.judged = stamp.filter(|_| fault.is_the_files());
        self.seen = None;
        if self.told.as_ref() == Some(&fault) {
            return Refreshed::Same;
        }
        self.told = Some(fault.clone());
        Refreshed::Refused(fault)
    }
}
