//! Figures of a run that never was, for tests.

use super::super::sample::report;
use super::figures::{Figures, OfDatabase, Operation, Sweep};

/// Two databases, the larger one a fifth slower.
pub(super) fn figures() -> Figures {
    let operation = |name: &str, factor: f64| Operation {
        name: name.to_owned(),
        times: 300,
        median_ms: 2.0 * factor,
        p99_ms: 5.0 * factor,
        pages: 40.0 * factor,
    };
    let database = |sessions: u64, factor: f64| OfDatabase {
        sessions,
        partitions: 15,
        shared_buffers: "128MB".to_owned(),
        database_bytes: sessions * 1_100,
        operations: vec![operation("list", factor), operation("open", factor)],
        sweep: Sweep {
            rows: 100_000,
            rows_per_second: 15_000.0 / factor,
            pages_per_row: 45.0 * factor,
        },
    };
    Figures {
        machine: report().machine,
        databases: vec![database(10_000, 1.0), database(1_000_000, 1.2)],
    }
}
