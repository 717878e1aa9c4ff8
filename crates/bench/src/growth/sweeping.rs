//! Sweeps everything that is due, batch after batch, as a server does.

use std::time::Instant;

use kogents_adapter_postgres::PgStore;
use serde::Serialize;

use super::database::Database;
use super::figures::{each, percentile};
use super::product::Product;
use crate::failure::Failure;

/// What the sweep came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Swept {
    pub(super) rows: u32,
    pub(super) seconds: f64,
    pub(super) rows_per_second: f64,
    pub(super) batches: usize,
    /// Of one batch.
    pub(super) median_ms: f64,
    pub(super) p99_ms: f64,
    /// Pages of tables and indexes that one row touched, on average.
    pub(super) pages_per_row: f64,
}

/// Sweeps.
pub(super) async fn sweep(database: &Database, store: PgStore) -> Result<Swept, Failure> {
    let product = Product::over(&store);
    let before = database.pages().await?;
    let mut taken = Vec::new();
    let mut rows: u32 = 0;
    let started = Instant::now();
    loop {
        let begun = Instant::now();
        let swept = product.sweep.run().await?;
        if swept.ended == 0 {
            break;
        }
        taken.push(begun.elapsed());
        rows = rows.saturating_add(u32::try_from(swept.ended)?);
    }
    let seconds = started.elapsed().as_secs_f64();
    store.close();
    drop((product, store));
    database.be_alone().await?;
    let pages = database.pages().await? - before;
    Ok(Swept {
        rows,
        seconds,
        rows_per_second: f64::from(rows) / seconds,
        batches: taken.len(),
        median_ms: percentile(&taken, 50),
        p99_ms: percentile(&taken, 99),
        pages_per_row: each(pages, usize::try_from(rows)?),
    })
}
