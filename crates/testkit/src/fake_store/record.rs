//! What is recorded of a unit of work.

use kogents_domain::store::Scope;

/// How a unit was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    /// For writing.
    Begun,
    /// For reading.
    Read,
}

/// What became of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is still open.
    Open,
    /// It was committed.
    Committed,
    /// It was dropped without a commit, which is also how reading units end.
    RolledBack,
    /// Its commit was asked for and failed, as prepared.
    CommitFailed,
    /// It could not be begun, as prepared.
    NotBegun,
}

/// One unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitRecord {
    /// How it was begun.
    pub kind: UnitKind,
    /// On whose behalf.
    pub scope: Scope,
    /// What became of it.
    pub outcome: Outcome,
}

impl UnitRecord {
    /// A unit begun for writing.
    #[must_use]
    pub const fn begun(scope: Scope, outcome: Outcome) -> Self {
        Self {
            kind: UnitKind::Begun,
            scope,
            outcome,
        }
    }

    /// A unit begun for reading.
    #[must_use]
    pub const fn read(scope: Scope, outcome: Outcome) -> Self {
        Self {
            kind: UnitKind::Read,
            scope,
            outcome,
        }
    }
}
