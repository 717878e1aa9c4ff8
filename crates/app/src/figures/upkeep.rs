//! The figures of what is done again and again: writing what sessions did, sweeping, upkeep.

use std::sync::Arc;
use std::time::Duration;

use kogents_domain::session::UpkeepLag;
use kogents_domain::time::{Clock, Span, Timestamp};
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry};

use super::{registered, seconds};

/// Upper bounds of the histogram's buckets, in seconds: from a round that finds nothing to one that
/// does the most that a round may.
const BUCKETS: [f64; 8] = [0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0, 300.0];

/// What is done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chore {
    /// Writing what sessions did.
    ActivityFlush,
    /// Making partitions of months.
    Partitions,
    /// Ending idle sessions.
    Sweep,
    /// Making old sessions coarse.
    Minimise,
    /// Dropping sessions.
    Drop,
    /// Dropping devices.
    Devices,
    /// Removing entries of the audit log.
    Audit,
    /// Removing mails that are done.
    Outbox,
    /// Removing mailed tokens.
    Tokens,
    /// Removing invitations.
    Invitations,
    /// Removing what commands told servers.
    Notices,
}

impl Chore {
    const ALL: [Self; 11] = [
        Self::ActivityFlush,
        Self::Partitions,
        Self::Sweep,
        Self::Minimise,
        Self::Drop,
        Self::Devices,
        Self::Audit,
        Self::Outbox,
        Self::Tokens,
        Self::Invitations,
        Self::Notices,
    ];

    /// The name in figures and logs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ActivityFlush => "activity_flush",
            Self::Partitions => "partitions",
            Self::Sweep => "sweep",
            Self::Minimise => "minimise",
            Self::Drop => "drop",
            Self::Devices => "devices",
            Self::Audit => "audit",
            Self::Outbox => "outbox",
            Self::Tokens => "tokens",
            Self::Invitations => "invitations",
            Self::Notices => "notices",
        }
    }
}

/// What the tasks do that are done again and again, and how far they lag behind.
///
/// Growth: bounded by the chores there are.
#[derive(Clone)]
pub(crate) struct UpkeepFigures {
    rows: IntCounterVec,
    durations: HistogramVec,
    failures: IntCounterVec,
    last_run: GaugeVec,
    lag: GaugeVec,
    strays: IntGauge,
    waiting: IntGauge,
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
        let labels = ["task"];
        let counter =
            |name, help| registered(registry, IntCounterVec::new(Opts::new(name, help), &labels));
        let gauge =
            |name, help| registered(registry, GaugeVec::new(Opts::new(name, help), &labels));
        let durations = HistogramOpts::new(
            "kogents_upkeep_duration_seconds",
            "Time that a round of a task of this process took.",
        );
        let durations = HistogramVec::new(durations.buckets(BUCKETS.to_vec()), &labels);
        let strays = IntGauge::new(
            "kogents_sessions_default_partition_rows",
            "Rows of sessions that no month's partition was there for, counted up to 10,000 a table. \
             Any of them means that partitions were not made in time.",
        );
        let waiting = IntGauge::new(
            "kogents_activity_waiting_sessions",
            "Sessions of which the database had not got everything after the last flush, as the cache \
             and this process know of it.",
        );
        let figures = Self {
            rows: counter(
                "kogents_upkeep_rows_total",
                "Rows, or months of partitions, that a task of this process has handled.",
            )?,
            durations: registered(registry, durations)?,
            failures: counter(
                "kogents_upkeep_failures_total",
                "Rounds of a task of this process that failed; the next one tries again.",
            )?,
            last_run: gauge(
                "kogents_upkeep_last_run_timestamp_seconds",
                "When a task of this process last came to its end without a failure; 0 before that.",
            )?,
            lag: gauge(
                "kogents_upkeep_lag_seconds",
                "How long that has waited which waits longest for a task of upkeep: since its idle \
                 end passed (sweep), or since it was due (minimise, drop).",
            )?,
            strays: registered(registry, strays)?,
            waiting: registered(registry, waiting)?,
            clock,
            minimise_after,
            keep,
        };
        // So that a rate of them is known from the first one on.
        for chore in Chore::ALL {
            let labels = [chore.name()];
            figures.rows.with_label_values(&labels);
            figures.durations.with_label_values(&labels);
            figures.failures.with_label_values(&labels);
            figures.last_run.with_label_values(&labels);
        }
        Ok(figures)
    }

    /// A round has come to its end.
    pub(crate) fn ran(&self, chore: Chore, rows: u64, took: Duration) {
        let labels = [chore.name()];
        self.rows.with_label_values(&labels).inc_by(rows);
        let durations = self.durations.with_label_values(&labels);
        durations.observe(took.as_secs_f64());
        let now = seconds(self.clock.now().as_millis());
        self.last_run.with_label_values(&labels).set(now);
    }

    /// A round broke off, after so many rows.
    pub(crate) fn failed(&self, chore: Chore, rows: u64) {
        let labels = [chore.name()];
        self.rows.with_label_values(&labels).inc_by(rows);
        self.failures.with_label_values(&labels).inc();
    }

    /// Of so many sessions the database has not got everything.
    pub(crate) fn waits(&self, sessions: u64) {
        self.waiting
            .set(i64::try_from(sessions).unwrap_or(i64::MAX));
    }

    /// What waits longest.
    pub(crate) fn lags(&self, lag: &UpkeepLag, now: Timestamp) {
        self.strays
            .set(i64::try_from(lag.strays).unwrap_or(i64::MAX));
        for (chore, since) in [
            (Chore::Sweep, lag.to_end_since),
            (
                Chore::Minimise,
                lag.to_minimise_since
                    .map(|ended| ended.plus(self.minimise_after)),
            ),
            (Chore::Drop, lag.oldest.map(|opened| opened.plus(self.keep))),
        ] {
            let waited = since.map_or(0, |since| now.since(since).as_millis());
            self.lag
                .with_label_values(&[chore.name()])
                .set(seconds(waited.max(0)));
        }
    }
}

#[cfg(test)]
mod tests {
    use prometheus::TextEncoder;

    use super::*;

    struct At(i64);

    impl Clock for At {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0)
        }
    }

    #[test]
    fn rounds_and_failures_are_told_by_task() {
        let registry = Registry::new();
        let clock = Arc::new(At(1_800_000_000_500));
        let spans = (Span::from_secs(10), Span::from_secs(20));
        let figures = UpkeepFigures::new(&registry, clock, spans).unwrap();
        figures.ran(Chore::Outbox, 7, Duration::from_millis(20));
        figures.failed(Chore::Tokens, 3);
        let text = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        for line in [
            "kogents_upkeep_rows_total{task=\"outbox\"} 7",
            "kogents_upkeep_rows_total{task=\"tokens\"} 3",
            "kogents_upkeep_rows_total{task=\"audit\"} 0",
            "kogents_upkeep_duration_seconds_bucket{task=\"outbox\",le=\"0.025\"} 1",
            "kogents_upkeep_duration_seconds_count{task=\"tokens\"} 0",
            "kogents_upkeep_failures_total{task=\"tokens\"} 1",
            "kogents_upkeep_failures_total{task=\"outbox\"} 0",
            "kogents_upkeep_last_run_timestamp_seconds{task=\"outbox\"} 1800000000.5",
            "kogents_upkeep_last_run_timestamp_seconds{task=\"tokens\"} 0",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
