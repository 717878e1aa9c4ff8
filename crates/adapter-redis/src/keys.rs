//! The names under which everything rests. Hash tags keep what belongs to one signup, one address
//! or one person together.

use std::fmt::Write as _;

use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::Charge;
use kogents_domain::time::Span;

/// What the names begin with.
pub(crate) struct Keys {
    prefix: String,
}

impl Keys {
    pub(crate) const fn new(prefix: String) -> Self {
        Self { prefix }
    }

    pub(crate) fn signup(&self, key: &Digest) -> String {
        format!("{}signup:{{{}}}", self.prefix, hex(key))
    }

    /// What the names of addresses' wrong guesses begin with, as the budget with the longest window
    /// counts them. The script adds the address, which only the signup knows, as its tag.
    pub(crate) fn guesses(&self) -> String {
        format!("{}guesses:", self.prefix)
    }

    /// The same as a budget with a shorter window counts them. Named by the window and not by a
    /// place, so that counts stay what they are when other budgets come or go.
    pub(crate) fn guesses_within(&self, window: Span) -> String {
        format!("{}{}:", self.guesses(), window.as_millis())
    }

    pub(crate) fn person(&self, user: UserId) -> String {
        format!("{}sessions:{{{user}}}", self.prefix)
    }

    pub(crate) fn epoch(&self) -> String {
        format!("{}epoch", self.prefix)
    }

    pub(crate) fn distrust(&self) -> String {
        format!("{}distrust", self.prefix)
    }

    /// The counters of what a session does.
    pub(crate) fn activity(&self, session: SessionId) -> String {
        format!("{}{{{session}}}", self.activities())
    }

    /// What the names of all such counters begin with. A script that finds sessions by itself adds
    /// the session as its tag.
    pub(crate) fn activities(&self) -> String {
        format!("{}activity:", self.prefix)
    }

    /// The sessions whose counters the database has not got.
    pub(crate) fn unflushed(&self) -> String {
        format!("{}unflushed", self.prefix)
    }

    /// The counter of one of a rule's limits, for one subject.
    pub(crate) fn counter(&self, charge: &Charge, at: usize) -> String {
        let (rule, subject) = (charge.rule.as_str(), charge.subject);
        format!("{}limit:{rule}:{at}:{{{subject}}}", self.prefix)
    }

    /// The pattern of every counter of a subject that begins so: of a mailbox, also those from
    /// whatever client. Prefixes have no sign that stands for others in patterns.
    pub(crate) fn counters_of(&self, subject: &str) -> String {
        format!("{}limit:*:{{{subject}*", self.prefix)
    }

    /// The pattern of an address's wrong guesses, in every budget.
    pub(crate) fn guesses_of(&self, address: &Digest) -> String {
        format!("{}*{{{}}}", self.guesses(), hex(address))
    }

    /// A name that nothing rests under, to try commands on.
    pub(crate) fn trial(&self, tag: &str) -> String {
        format!("{}trial:{tag}", self.prefix)
    }
}

/// The field of a session's snapshot in its person's hash.
pub(crate) fn session_field(session: SessionId) -> String {
    format!("session:{session}")
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(digest: &Digest) -> String {
    digest
        .as_bytes()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing into a text does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_tags() {
        let mut bytes = [0; 32];
        bytes[0] = 0xab;
        bytes[31] = 0x01;
        let name = Keys::new("k:".to_owned()).signup(&Digest::from_bytes(bytes));
        assert_eq!(name, format!("k:signup:{{ab{}01}}", "00".repeat(30)));
    }
}
