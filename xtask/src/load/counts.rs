//! Counts what comes back while it is measured.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::summary::Summary;
use crate::failure::Failure;

/// What is told of an answer that should have been another.
const SAMPLE_BYTES: usize = 600;

/// What has come back so far.
#[derive(Debug)]
pub(super) struct Counts {
    window: (Instant, Instant),
    expected: Vec<u16>,
    latencies: Histogram<u64>,
    lateness: Histogram<u64>,
    statuses: BTreeMap<u16, u64>,
    unexpected: u64,
    sample: Option<String>,
    errors: BTreeMap<String, u64>,
    last: Instant,
}

impl Counts {
    /// Nothing has come back yet; between these two moments it is measured.
    pub(super) fn new(window: (Instant, Instant), expected: Vec<u16>) -> Result<Self, Failure> {
        Ok(Self {
            window,
            expected,
            latencies: histogram()?,
            lateness: histogram()?,
            statuses: BTreeMap::new(),
            unexpected: 0,
            sample: None,
            errors: BTreeMap::new(),
            last: window.0,
        })
    }

    /// An answer. It is measured if it came at a moment of the window, or, where it was due at a
    /// certain one, if that was; whether it is as expected matters at any time.
    pub(super) fn answered(
        &mut self,
        status: u16,
        (since, now): (Instant, Instant),
        due: Option<Instant>,
        bytes: &[u8],
    ) {
        if !self.expected.contains(&status) {
            self.unexpected = self.unexpected.saturating_add(1);
            self.sample.get_or_insert_with(|| {
                String::from_utf8_lossy(bytes.get(..SAMPLE_BYTES).unwrap_or(bytes)).into_owned()
            });
        }
        let (begin, end) = self.window;
        if !(begin..end).contains(&due.unwrap_or(now)) {
            return;
        }
        self.last = now.min(end);
        let count = self.statuses.entry(status).or_default();
        *count = count.saturating_add(1);
        let took = now.saturating_duration_since(due.unwrap_or(since));
        self.latencies.saturating_record(micros(took));
        if let Some(due) = due {
            let late = since.saturating_duration_since(due);
            self.lateness.saturating_record(micros(late));
        }
    }

    /// There was no answer.
    pub(super) fn failed(&mut self, why: String) {
        let count = self.errors.entry(why).or_default();
        *count = count.saturating_add(1);
    }

    /// When the last answer that was measured came.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    /// All of it, measured for so long, in which the watched process used so much.
    pub(super) fn summary(self, measured: Duration, processor: Option<Duration>) -> Summary {
        let at = |quantile| self.latencies.value_at_quantile(quantile);
        Summary {
            requests: self.statuses.values().sum(),
            seconds: measured.as_secs_f64(),
            p50_micros: at(0.50),
            p95_micros: at(0.95),
            p99_micros: at(0.99),
            max_micros: self.latencies.max(),
            late_p99_micros: self.lateness.value_at_quantile(0.99),
            statuses: self.statuses,
            unexpected: self.unexpected,
            sample: self.sample,
            errors: self.errors,
            processor_millis: processor.map(|time| time.as_secs_f64() * 1_000.0),
        }
    }
}

/// Counts from a microsecond to ten minutes, by a thousandth.
fn histogram() -> Result<Histogram<u64>, Failure> {
    Histogram::new_with_bounds(1, 600_000_000, 3)
        .map_err(|error| Failure::new(format!("latencies cannot be counted: {error}")))
}

/// A time as it is counted.
fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    fn counts() -> (Instant, Counts) {
        let begin = Instant::now();
        let counts = Counts::new((begin, begin + 100 * MILLI), vec![200]);
        (begin, counts.unwrap())
    }

    #[test]
    fn a_closed_loop_counts_what_comes_in_the_window() {
        let (begin, mut counts) = counts();
        let early = begin - 5 * MILLI;
        counts.answered(200, (early, begin - MILLI), None, b"");
        counts.answered(200, (early, begin + MILLI), None, b"");
        counts.answered(200, (begin, begin + 4 * MILLI), None, b"");
        counts.answered(200, (begin, begin + 100 * MILLI), None, b"");
        assert_eq!(counts.last(), begin + 4 * MILLI);
        let summary = counts.summary(100 * MILLI, Some(7 * MILLI));
        assert_eq!(summary.requests, 2);
        assert_eq!(summary.statuses, BTreeMap::from([(200, 2)]));
        assert!((5_990..=6_010).contains(&summary.max_micros));
        assert!((3_990..=4_010).contains(&summary.p50_micros));
        assert_eq!(summary.processor_millis, Some(7.0));
        assert!(summary.judge("a row").is_ok());
    }

    #[test]
    fn an_open_loop_counts_what_was_due_in_the_window_from_then_on() {
        let (begin, mut counts) = counts();
        let due = begin + 99 * MILLI;
        counts.answered(
            200,
            (begin + 300 * MILLI, begin + 399 * MILLI),
            Some(due),
            b"",
        );
        counts.answered(200, (begin, begin + MILLI), Some(begin - MILLI), b"");
        let summary = counts.summary(100 * MILLI, None);
        assert_eq!(summary.requests, 1);
        assert!((299_700..=300_300).contains(&summary.max_micros));
        assert!((200_700..=201_300).contains(&summary.late_p99_micros));
    }

    #[test]
    fn what_is_not_as_expected_is_told_even_outside_of_the_window() {
        let (begin, mut counts) = counts();
        counts.answered(
            401,
            (begin - 2 * MILLI, begin - MILLI),
            None,
            b"HTTP/1.1 401 No",
        );
        counts.answered(200, (begin, begin + MILLI), None, b"");
        counts.failed("reading: reset".to_owned());
        let summary = counts.summary(100 * MILLI, None);
        assert_eq!((summary.requests, summary.unexpected), (1, 1));
        assert_eq!(summary.sample.as_deref(), Some("HTTP/1.1 401 No"));
        let said = summary.judge("a row").unwrap_err().to_string();
        assert!(said.contains("401 No") && said.contains("reset"), "{said}");
    }
}
