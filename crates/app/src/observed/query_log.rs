//! What is known of this process's queries: how many, how fast, and the last slow ones.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kogents_domain::health::{QueryFigures, QueryStatistics, SlowQuery};
use kogents_domain::time::Clock;

use super::QueryObserver;
use super::latencies::{Counts, Latencies};

/// What percentiles and rates are of: the last minute.
const WINDOW: Duration = Duration::from_secs(60);
/// How far the window moves at once.
const STEP: Duration = Duration::from_secs(5);
/// How many slow queries have a line of the log each, in a second: while the database is slow as a
/// whole, more of them say nothing more.
const LINES: u32 = 10;
/// The second in which lines are counted.
const SECOND: Duration = Duration::from_secs(1);

/// Counts queries, and remembers the slow ones.
///
/// Growth: none. There are at most fourteen marks of 1.4 KB, and twenty slow queries.
///
/// A query costs its caller two atomic additions. The locks are for slow queries and for who looks.
pub(crate) struct QueryLog {
    latencies: Latencies,
    errors: AtomicU64,
    slow_threshold: Duration,
    slow_total: AtomicU64,
    /// Newest first.
    recent: Mutex<VecDeque<SlowQuery>>,
    lines: Mutex<Lines>,
    /// The counts at moments of the last minute, the oldest first, and those of one moment before.
    marks: Mutex<VecDeque<Mark>>,
    clock: Arc<dyn Clock>,
}

/// The lines that slow queries have had.
#[derive(Debug)]
struct Lines {
    since: Instant,
    had: u32,
    /// How many slow queries had none, since the last that had one.
    without: u64,
}

/// The counts at a moment.
#[derive(Debug, Clone)]
struct Mark {
    at: Instant,
    counts: Counts,
}

impl QueryLog {
    /// A log that calls a query slow which takes at least so long.
    pub(crate) fn new(slow_threshold: Duration, clock: Arc<dyn Clock>) -> Self {
        let latencies = Latencies::default();
        let start = Mark {
            at: Instant::now(),
            counts: latencies.counts(),
        };
        Self {
            latencies,
            errors: AtomicU64::new(0),
            slow_threshold,
            slow_total: AtomicU64::new(0),
            recent: Mutex::default(),
            lines: Mutex::new(Lines {
                since: start.at,
                had: 0,
                without: 0,
            }),
            marks: Mutex::new(VecDeque::from([start])),
            clock,
        }
    }

    /// Moves the window to a moment, if it is time. To be called every few seconds.
    pub(crate) fn mark(&self, now: Instant) {
        let mut marks = locked(&self.marks);
        let age = |mark: &Mark| now.saturating_duration_since(mark.at);
        if marks.back().is_none_or(|last| age(last) >= STEP) {
            let counts = self.latencies.counts();
            marks.push_back(Mark { at: now, counts });
        }
        // The window begins at the youngest mark that is old enough.
        while marks.get(1).is_some_and(|next| age(next) >= WINDOW) {
            marks.pop_front();
        }
    }

    /// The figures at a moment.
    fn figures_at(&self, now: Instant) -> QueryFigures {
        self.mark(now);
        let counts = self.latencies.counts();
        let start = locked(&self.marks).front().cloned();
        let (window, length) = match &start {
            Some(mark) => (
                counts.since(&mark.counts),
                now.saturating_duration_since(mark.at),
            ),
            None => (counts.clone(), Duration::ZERO),
        };
        QueryFigures {
            total: counts.total(),
            errors: self.errors.load(Ordering::Relaxed),
            p50: window.percentile(50),
            p95: window.percentile(95),
            p99: window.percentile(99),
            per_second: rate(window.total(), length),
            slow_threshold: self.slow_threshold,
            slow_total: self.slow_total.load(Ordering::Relaxed),
            recent: locked(&self.recent).iter().copied().collect(),
        }
    }

    fn note_slow(&self, name: &'static str, took: Duration) {
        self.slow_total.fetch_add(1, Ordering::Relaxed);
        let slow = SlowQuery {
            name,
            took,
            at: self.clock.now(),
        };
        {
            let mut recent = locked(&self.recent);
            recent.truncate(QueryFigures::RECENT.saturating_sub(1));
            recent.push_front(slow);
        }
        if let Some(without_line) = self.line(Instant::now()) {
            tracing::warn!(
                query = name,
                duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                without_line,
                "a query was slow"
            );
        }
    }

    /// Whether a slow query has a line of the log at a moment; then how many before it had none.
    fn line(&self, now: Instant) -> Option<u64> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(lines.since) >= SECOND {
            lines.since = now;
            lines.had = 0;
        }
        if lines.had < LINES {
            lines.had = lines.had.saturating_add(1);
            return Some(std::mem::take(&mut lines.without));
        }
        lines.without = lines.without.saturating_add(1);
        None
    }
}

impl QueryObserver for QueryLog {
    fn observe(&self, query: &'static str, took: Duration, failed: bool) {
        self.latencies.count(took);
        if failed {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        if took >= self.slow_threshold {
            self.note_slow(query, took);
        }
    }
}

impl QueryStatistics for QueryLog {
    fn figures(&self) -> QueryFigures {
        self.figures_at(Instant::now())
    }
}

/// So many in so long, a second; 0 before any time has passed.
fn rate(count: u64, length: Duration) -> f64 {
    let count = u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    let secs = length.as_secs_f64();
    if secs > 0.0 { count / secs } else { 0.0 }
}

/// Both lists are whole after every step, so what a panicking thread left is as good.
fn locked<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use kogents_domain::time::{Span, Timestamp};
    use kogents_testkit::fakes::FixedClock;

    use super::*;

    const T0: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn log() -> (QueryLog, Arc<FixedClock>, Instant) {
        let clock = Arc::new(FixedClock::at(T0));
        let log = QueryLog::new(Duration::from_millis(200), clock.clone());
        (log, clock, Instant::now())
    }

    fn fast(log: &QueryLog, times: u32) {
        for _ in 0..times {
            log.observe("users.find", Duration::from_millis(1), false);
        }
    }

    #[test]
    fn totals_are_since_the_start_and_the_rest_of_the_last_minute() {
        let (log, _, start) = log();
        let at = |secs| start + Duration::from_secs(secs);
        fast(&log, 100);
        log.observe("users.find", Duration::from_secs(1), true);
        let first = log.figures_at(at(10));
        assert_eq!((first.total, first.errors), (101, 1));
        assert!((9.9..=10.2).contains(&first.per_second), "{first:?}");
        assert!(first.p50.unwrap() < Duration::from_millis(2), "{first:?}");
        // A minute later nothing is left of them but their number.
        for secs in (15..=130).step_by(5) {
            log.mark(at(secs));
        }
        let later = log.figures_at(at(130));
        assert_eq!((later.total, later.errors), (101, 1));
        assert_eq!((later.p50, later.p99), (None, None));
        assert!(later.per_second.abs() < f64::EPSILON, "{later:?}");
        fast(&log, 60);
        log.observe("users.find", Duration::from_millis(1_500), false);
        let last = log.figures_at(at(131));
        assert!((0.8..=1.1).contains(&last.per_second), "{last:?}");
        assert!(last.p95.unwrap() < Duration::from_millis(2), "{last:?}");
        assert!(
            last.p99.unwrap() >= Duration::from_millis(1_500),
            "{last:?}"
        );
    }

    #[test]
    fn of_many_slow_queries_in_a_second_ten_have_a_line_and_the_others_are_counted() {
        let (log, _, start) = log();
        let had: Vec<Option<u64>> = (0..25).map(|_| log.line(start)).collect();
        assert_eq!(had.iter().flatten().count(), 10);
        assert_eq!(log.line(start + Duration::from_millis(999)), None);
        assert_eq!(log.line(start + Duration::from_secs(1)), Some(16));
        assert_eq!(log.line(start + Duration::from_secs(1)), Some(0));
    }

    #[test]
    fn nobody_who_looks_often_makes_it_grow() {
        let (log, _, start) = log();
        for millis in (0..600_000).step_by(100) {
            log.figures_at(start + Duration::from_millis(millis));
        }
        assert!(locked(&log.marks).len() <= 14);
    }

    #[test]
    fn the_last_slow_queries_are_remembered_newest_first() {
        let (log, clock, _) = log();
        let threshold = Duration::from_millis(200);
        log.observe("users.find", threshold - Duration::from_nanos(1), false);
        assert_eq!(log.figures().recent, []);
        for millis in 0..30_u64 {
            clock.advance(Span::from_millis(1));
            log.observe(
                "sessions.rotate",
                threshold + Duration::from_millis(millis),
                true,
            );
        }
        let figures = log.figures();
        assert_eq!(
            (figures.slow_threshold, figures.slow_total),
            (threshold, 30)
        );
        assert_eq!(figures.recent.len(), QueryFigures::RECENT);
        let newest = SlowQuery {
            name: "sessions.rotate",
            took: Duration::from_millis(229),
            at: T0.plus(Span::from_millis(30)),
        };
        assert_eq!(figures.recent[0], newest);
        assert_eq!(figures.recent[19].took, Duration::from_millis(210));
    }

    #[test]
    fn no_count_is_lost_between_many_threads() {
        let (log, _, _) = log();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    fast(&log, 10_000);
                    log.figures();
                });
            }
        });
        assert_eq!(log.figures().total, 40_000);
    }
}
