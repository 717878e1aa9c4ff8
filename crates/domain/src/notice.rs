//! The port by which a command tells servers what their caches should forget.

use async_trait::async_trait;

use crate::ids::{NoticeId, UserId};
use crate::store::StoreError;
use crate::time::{Span, Timestamp};

/// What is no longer true of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// What is cached of their sessions.
    Sessions,
    /// What is counted against them: failed sign-ins, mailed codes, wrong guesses.
    Counts,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Sessions, Self::Counts];

    /// The name in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Counts => "counts",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Tells every server to forget something of a person that its cache may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Notice {
    /// Identity.
    pub id: NoticeId,
    /// What is to be forgotten.
    pub kind: NoticeKind,
    /// Of whom; they may be gone by now.
    pub user_id: UserId,
    /// When it was posted.
    pub at: Timestamp,
}

impl Notice {
    /// How long it is kept: far longer than a server needs to hear of it.
    pub const KEPT: Span = Span::from_secs(86_400);
}

/// Keeps notices, from the unit of work of what they tell of.
///
/// Growth: one row per person that an operator suspends, unlocks or signs out, for
/// [`Notice::KEPT`].
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait NoticeRepository: Send {
    /// Posts a notice.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn post(&mut self, notice: &Notice) -> Result<(), StoreError>;

    /// The newest notices, newest first; those of a kind that is unknown here are left out, as a
    /// newer release may have posted them.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn newest(&mut self, most: u16) -> Result<Vec<Notice>, StoreError>;

    /// Removes notices from before a moment, at most a thousand, and says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn sweep(&mut self, before: Timestamp) -> Result<u64, StoreError>;
}
