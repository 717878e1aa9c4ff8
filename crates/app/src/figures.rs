//! The figures of everything but the requests, for Prometheus. `docs/METRICS.md` lists them all.

mod build;
mod cache;
mod limits;
mod mail;
mod passwords;
mod sampled;
mod tasks;
mod upkeep;

use std::time::Duration;

use kogents_adapter_postgres::QueryObserver;
use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, Registry};

pub(crate) use build::register_build;
pub(crate) use cache::{CacheFigures, TimedOperation};
pub(crate) use limits::{Decisions, LimitFigures};
pub(crate) use mail::MailFigures;
pub(crate) use passwords::{PasswordFigures, TimedJob};
pub(crate) use tasks::TaskFigures;
pub(crate) use upkeep::{Chore, UpkeepFigures};

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

/// Registers a figure and gives it back.
fn registered<C: Collector + Clone + 'static>(
    registry: &Registry,
    figure: Result<C, prometheus::Error>,
) -> Result<C, prometheus::Error> {
    let figure = figure?;
    registry.register(Box::new(figure.clone()))?;
    Ok(figure)
}

/// Milliseconds as seconds; exact to the millisecond for any moment until 2106. What is negative is
/// told as 0.
fn seconds(millis: i64) -> f64 {
    let millis = u64::try_from(millis).unwrap_or(0);
    let whole = u32::try_from(millis / 1_000).map_or(f64::from(u32::MAX), f64::from);
    let rest = u32::try_from(millis % 1_000).map_or(0.0, f64::from);
    whole + rest / 1_000.0
}

/// A number of things, as gauges have it.
fn count(things: usize) -> i64 {
    i64::try_from(things).unwrap_or(i64::MAX)
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
