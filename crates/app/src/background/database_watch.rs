//! Looks, again and again, how the database is, for the figures.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kogents_domain::health::DatabaseInspector;
use tokio_util::sync::CancellationToken;

use super::trouble::Trouble;
use crate::figures::DatabaseFigures;
use crate::observed::QueryLog;

/// The pause between two steps of the window that percentiles are of.
const STEP: Duration = Duration::from_secs(5);
/// Every so many steps the database is asked: once a minute.
const STEPS_BETWEEN_LOOKS: u32 = 12;

/// The watch.
#[derive(Clone)]
pub(crate) struct DatabaseWatch {
    pub(crate) inspector: Arc<dyn DatabaseInspector>,
    pub(crate) queries: Arc<QueryLog>,
    pub(crate) figures: DatabaseFigures,
}

impl DatabaseWatch {
    /// Looks until told to stop.
    pub(crate) async fn work(self, stop: CancellationToken) {
        let (mut storage_trouble, mut rows_trouble) = (Trouble::default(), Trouble::default());
        let mut step: u32 = 0;
        while !stop.is_cancelled() {
            self.queries.mark(Instant::now());
            if step.is_multiple_of(STEPS_BETWEEN_LOOKS) {
                let storage = self.inspector.storage().await;
                storage_trouble.hear("what the database holds is not known", &storage);
                self.figures.holds(storage.ok());
                let rows = self.inspector.table_rows().await;
                rows_trouble.hear("how many rows the tables have is not known", &rows);
                self.figures.has_rows(rows.ok().as_deref());
            }
            step = step.wrapping_add(1);
            tokio::select! {
                () = tokio::time::sleep(STEP) => {}
                () = stop.cancelled() => {}
            }
        }
    }
}
