//! The figures of the database, of what looks after it and of mail, for Prometheus.

mod database;
mod mail;

use std::sync::Arc;

use kogents_domain::session::UpkeepLag;
use kogents_domain::time::{Clock, Span, Timestamp};
use prometheus::{GaugeVec, IntCounterVec, IntGauge, Opts, Registry};

pub(crate) use database::{DatabaseFigures, QueryDurations};
pub(crate) use mail::MailFigures;

/// What the tasks that look after the tables of sessions do, and how far they lag behind.
#[derive(Clone)]
pub(crate) struct UpkeepFigures {
    rows: IntCounterVec,
    last_run: GaugeVec,
    lag: GaugeVec,
    strays: IntGauge,
    clock: Arc<dyn Clock>,
    /// How long after its end a session is minimised.
    minimise_after: Span,
    /// How long sessions are kept.
    keep: Span,
}

impl UpkeepFigures {
    /// Registers the figures.
    pub(crate) fn new(
        registry: &Registry,
        clock: Arc<dyn Clock>,
        (minimise_after, keep): (Span, Span),
    ) -> Result<Self, prometheus::Error> {
        let rows = IntCounterVec::new(
            Opts::new(
                "kogents_upkeep_rows_total",
                "Rows, or months of partitions, that a task of this process has handled.",
            ),
            &["task"],
        )?;
        let last_run = GaugeVec::new(
            Opts::new(
                "kogents_upkeep_last_run_timestamp_seconds",
                "When a task of this process last came to its end.",
            ),
            &["task"],
        )?;
        let lag = GaugeVec::new(
            Opts::new(
                "kogents_upkeep_lag_seconds",
                "How long that has waited which waits longest for a task of upkeep: since its idle \
                 end passed (sweep), or since it was due (minimise, drop).",
            ),
            &["task"],
        )?;
        let strays = IntGauge::new(
            "kogents_sessions_default_partition_rows",
            "Rows of sessions that no month's partition was there for, counted up to 10,000 a table. \
             Any of them means that partitions were not made in time.",
        )?;
        registry.register(Box::new(rows.clone()))?;
        registry.register(Box::new(last_run.clone()))?;
        registry.register(Box::new(lag.clone()))?;
        registry.register(Box::new(strays.clone()))?;
        Ok(Self {
            rows,
            last_run,
            lag,
            strays,
            clock,
            minimise_after,
            keep,
        })
    }

    /// A task has come to its end.
    pub(crate) fn ran(&self, task: &'static str, rows: u64) {
        self.rows.with_label_values(&[task]).inc_by(rows);
        let now = seconds(self.clock.now().as_millis());
        self.last_run.with_label_values(&[task]).set(now);
    }

    /// What waits longest.
    pub(crate) fn lags(&self, lag: &UpkeepLag, now: Timestamp) {
        self.strays
            .set(i64::try_from(lag.strays).unwrap_or(i64::MAX));
        for (task, since) in [
            ("sweep", lag.to_end_since),
            (
                "minimise",
                lag.to_minimise_since
                    .map(|ended| ended.plus(self.minimise_after)),
            ),
            ("drop", lag.oldest.map(|opened| opened.plus(self.keep))),
        ] {
            let waited = since.map_or(0, |since| now.since(since).as_millis());
            self.lag
                .with_label_values(&[task])
                .set(seconds(waited.max(0)));
        }
    }
}

/// Milliseconds as seconds; exact to the millisecond for any moment that is told.
fn seconds(millis: i64) -> f64 {
    let whole = i32::try_from(millis.div_euclid(1_000)).map_or(f64::from(i32::MAX), f64::from);
    let rest = i32::try_from(millis.rem_euclid(1_000)).map_or(0.0, f64::from);
    whole + rest / 1_000.0
}
