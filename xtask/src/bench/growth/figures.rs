//! The figures of each database, as `kogents-bench growth` tells them, and of all together.

use serde::{Deserialize, Serialize};

use super::super::machine::Machine;

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures {
    /// Where and when.
    pub(super) machine: Machine,
    /// Of each database, that with the fewest sessions first.
    pub(super) databases: Vec<OfDatabase>,
}

/// What one database came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfDatabase {
    /// How many sessions it has.
    pub(super) sessions: u64,
    /// In how many partitions.
    pub(super) partitions: u64,
    /// How much PostgreSQL keeps in memory of its own.
    pub(super) shared_buffers: String,
    /// How large it is.
    pub(super) database_bytes: u64,
    /// What each operation came to, in the same order everywhere.
    pub(super) operations: Vec<Operation>,
    /// What the sweep came to.
    pub(super) sweep: Sweep,
}

/// What an operation came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation {
    /// What it is.
    pub(super) name: String,
    /// How often it was measured.
    pub(super) times: u64,
    /// What half of them took at most.
    pub(super) median_ms: f64,
    /// What 99 of a hundred took at most.
    pub(super) p99_ms: f64,
    /// How many pages each touched.
    pub(super) pages: f64,
}

/// What the sweep came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sweep {
    /// How many sessions it ended.
    pub(super) rows: u64,
    /// How many of them a second.
    pub(super) rows_per_second: f64,
    /// How many pages each touched.
    pub(super) pages_per_row: f64,
}

impl Figures {
    /// The database with the fewest sessions, and its figures for an operation beside another's.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Pair<'_>> {
        let fewest = self.databases.first();
        let others = self.databases.iter();
        others.flat_map(move |database| {
            let few = fewest.map(|fewest| fewest.operations.iter());
            let few = few.into_iter().flatten();
            let many = database.operations.iter();
            few.zip(many).map(|(few, many)| Pair {
                sessions: database.sessions,
                few,
                many,
            })
        })
    }
}

/// An operation in the database with the fewest sessions, and in another or the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'f> {
    /// How many sessions the other has.
    pub(super) sessions: u64,
    /// With the fewest.
    pub(super) few: &'f Operation,
    /// With so many.
    pub(super) many: &'f Operation,
}

impl Pair<'_> {
    /// How much longer half of them take.
    pub(super) fn median(&self) -> f64 {
        self.many.median_ms / self.few.median_ms
    }

    /// How much longer 99 of a hundred take.
    pub(super) fn p99(&self) -> f64 {
        self.many.p99_ms / self.few.p99_ms
    }

    /// How many times the pages are touched.
    pub(super) fn pages(&self) -> f64 {
        self.many.pages / self.few.pages
    }
}
