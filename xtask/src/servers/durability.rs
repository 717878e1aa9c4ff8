//! What a server of ours does about what it is told to keep.

/// What a server does about what it is told to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It is quick, and loses everything when it breaks: tests have nothing to lose.
    Quick,
    /// It is as safe as it is by itself: nothing else is worth measuring.
    Durable,
}

impl Durability {
    /// As it is written on a command line, if it has to be.
    pub(super) fn argument(self) -> Option<&'static str> {
        match self {
            Self::Quick => None,
            Self::Durable => Some("durable"),
        }
    }

    /// Whom such a server is for.
    pub(super) fn user(self) -> &'static str {
        match self {
            Self::Quick => "the tests",
            Self::Durable => "the bench",
        }
    }
}
