//! Why a file is not used.

use std::io;

use maxminddb::MaxMindDbError;

/// Why a file is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is none, or it cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// A folder, a pipe or the like.
    #[error("it is not a file")]
    NotAFile,
    /// More than is ever taken into memory.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: u64,
    },
    /// Somebody is writing to it.
    #[error("it changed while it was read")]
    Changing,
    /// Not in the format, or damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// In the format, but with nothing in it that is asked for: a database of something else.
    #[error("no record in it has a country")]
    NoCountries,
}

impl Fault {
    /// Whether it will stay as long as the file does.
    pub(crate) const fn is_the_files(&self) -> bool {
        match self {
            Self::NotAFile | Self::TooLarge { .. } | Self::Damaged(_) | Self::NoCountries => true,
            Self::Unreadable(_) | Self::Changing => false,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.kind())
    }
}

impl From<MaxMindDbError> for Fault {
    fn from(error: MaxMindDbError) -> Self {
        Self::Damaged(error.to_string())
    }
}
