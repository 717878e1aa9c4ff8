//! The figures of the database, of what looks after it and of mail, for Prometheus.

mod mail;

use std::sync::Arc;
use std::time::Duration;

use kogents_adapter_postgres::QueryObserver;
use kogents_domain::session::UpkeepLag;
use kogents_domain::time::{Clock, Span, Timestamp};
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry};

pub(crate) use mail::MailFigures;

/// Upper bounds of the histogram's buckets, in seconds; statements are given up after some two.
const BUCKETS: [f64; 10] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5,
];

/// Times every query by its name and whether it failed.
///
/// Growth: bounded by the queries there are, times two.
#[derive(Debug)]
pub(crate) struct QueryFigures(HistogramVec);

impl QueryFigures {
    /// Registers the figures.
    pub(crate) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "kogents_db_query_duration_seconds",
                "Time that a query of the database took, with the wait for its connection.",
            )
            .buckets(BUCKETS.to_vec()),
            &["query", "outcome"],
        )?;
        registry.register(Box::new(durations.clone()))?;
        Ok(Self(durations))
    }
}

impl QueryObserver for QueryFigures {
    fn observe(&self, query: &'static str, took: Duration, failed: bool) {
        let outcome = if failed { "failed" } else { "ok" };
        self.0
            .with_label_values(&[query, outcome])
            .observe(took.as_secs_f64());
    }
}

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

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    #[test]
    fn queries_are_timed_by_name_and_outcome() {
        let registry = Registry::new();
        let figures = QueryFigures::new(&registry).unwrap();
        figures.observe("users.find", Duration::from_millis(3), false);
        figures.observe("users.find", Duration::from_secs(2), true);
        let text = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        for line in [
            "kogents_db_query_duration_seconds_bucket{outcome=\"ok\",query=\"users.find\",le=\"0.005\"} 1",
            "kogents_db_query_duration_seconds_count{outcome=\"failed\",query=\"users.find\"} 1",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
