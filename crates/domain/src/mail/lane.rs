//! The lanes of the mail queue.

/// A lane of the queue. What is due in a more urgent one is taken first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Codes and resets: somebody waits for them.
    Code,
    /// Notices about an account's safety.
    Security,
    /// Invitations.
    Invitation,
    /// The rest.
    Other,
}

impl Lane {
    /// Every lane, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Code, Self::Security, Self::Invitation, Self::Other];

    /// The name in stores and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Security => "security",
            Self::Invitation => "invitation",
            Self::Other => "other",
        }
    }

    /// The lane with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.as_str() == name)
    }
}
