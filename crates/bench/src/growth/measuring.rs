//! Does an operation many times, one after another, and tells what each took and touched.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::PgStore;
use serde::Serialize;

use super::database::Database;
use super::figures::{each, percentile};
use super::operation::Operation;
use super::product::Product;
use super::subjects::Subjects;
use crate::failure::{Failure, Outcome};

/// PostgreSQL lets a connection tell what it counted once a second, at the end of a transaction.
const TELLING: Duration = Duration::from_millis(1_100);

/// What one operation came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Measured {
    pub(super) name: &'static str,
    pub(super) times: usize,
    pub(super) median_ms: f64,
    pub(super) p99_ms: f64,
    /// Pages of tables and indexes that one of them touched, on average.
    pub(super) pages: f64,
}

/// Measures an operation so many times, on a store of its own; one that changes nothing when the same
/// has just been done.
pub(super) async fn measure(
    database: &Database,
    store: PgStore,
    operation: Operation,
    subjects: &Subjects,
    times: u32,
) -> Result<Measured, Failure> {
    let product = Product::over(&store);
    warm_up(&product, operation, subjects).await?;
    let before = database.pages().await?;
    let (mut taken, mut done) = (Vec::new(), 0);
    let count = usize::try_from(times)?;
    for subject in subjects.measured().take(count) {
        operation.prepare(&product, subjects).await?;
        // Warmed one by one: what all of them have would not stay in the shared buffers.
        if operation.changes_nothing() {
            operation.once(&product, subject).await?;
            done += 1;
        }
        let started = Instant::now();
        operation.once(&product, subject).await?;
        taken.push(started.elapsed());
        done += 1;
    }
    store.close();
    drop((product, store));
    database.be_alone().await?;
    let pages = database.pages().await? - before;
    Ok(Measured {
        name: operation.name(),
        times: taken.len(),
        median_ms: percentile(&taken, 50),
        p99_ms: percentile(&taken, 99),
        pages: each(pages, done),
    })
}

/// Does it on others, until everything is planned, and has the connection tell what it counted.
async fn warm_up(product: &Product, operation: Operation, subjects: &Subjects) -> Outcome {
    for subject in subjects.warm_ups() {
        operation.prepare(product, subjects).await?;
        operation.once(product, subject).await?;
    }
    tokio::time::sleep(TELLING).await;
    for subject in subjects.warm_ups().take(1) {
        operation.prepare(product, subjects).await?;
        operation.once(product, subject).await?;
    }
    // The transaction's end is answered before it is told.
    tokio::time::sleep(Duration::from_millis(50)).await;
    Ok(())
}
