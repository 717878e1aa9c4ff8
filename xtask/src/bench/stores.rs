//! The two ways that the server keeps its data, which are measured apart.

use serde::{Deserialize, Serialize};

/// What the server keeps its data in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Stores {
    /// PostgreSQL and Redis.
    Shared,
    /// A SQLite file and its own process.
    Embedded,
}

impl Stores {
    /// As it is told.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Shared => "PostgreSQL and Redis",
            Self::Embedded => "SQLite and the cache in the process",
        }
    }

    /// What says so on the command line, after a blank.
    pub(super) const fn argument(self) -> &'static str {
        match self {
            Self::Shared => "",
            Self::Embedded => " --embedded",
        }
    }
}
