//! What has become of a mail job.

/// What has become of a mail job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It waits for its time, or a worker has it.
    Queued,
    /// A server took it.
    Sent,
    /// It was given up: a dead letter, which an operator may queue again while its message is
    /// kept; or it expired while a worker had it.
    Dead,
    /// It was replaced by a newer one, expired while it waited, or was taken out by an operator.
    Void,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Dead, Self::Void];

    /// The name in stores and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Void => "void",
        }
    }

    /// The state with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
