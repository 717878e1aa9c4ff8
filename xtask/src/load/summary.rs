//! What the load tool tells: one line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};
use crate::numbers::real;

/// What came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// How many answers were measured.
    pub(crate) requests: u64,
    /// For how long.
    pub(crate) seconds: f64,
    /// The latency that half of the answers did not exceed.
    pub(crate) p50_micros: u64,
    /// The same for 95 of a hundred.
    pub(crate) p95_micros: u64,
    /// The same for 99 of a hundred.
    pub(crate) p99_micros: u64,
    /// The worst.
    pub(crate) max_micros: u64,
    /// How late 99 of a hundred requests were sent at most that were due by the clock: for want of
    /// a free connection, or because the load tool had to wait for a processor.
    pub(crate) late_p99_micros: u64,
    /// How many answers of each status were measured.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// How many answers had a status that they should not have, measured or not.
    pub(crate) unexpected: u64,
    /// The first of those.
    pub(crate) sample: Option<String>,
    /// What else went wrong, and how often.
    pub(crate) errors: BTreeMap<String, u64>,
    /// The processor time of the watched process meanwhile.
    pub(crate) processor_millis: Option<f64>,
}

impl Summary {
    /// As the load tool prints it.
    pub(super) fn to_line(&self) -> Result<String, Failure> {
        serde_json::to_string(self)
            .map_err(|error| Failure::new(format!("no summary can be written: {error}")))
    }

    /// As the bench reads it.
    pub(crate) fn from_line(line: &str) -> Result<Self, Failure> {
        serde_json::from_str(line.trim())
            .map_err(|error| Failure::new(format!("the load tool said something else: {error}")))
    }

    /// How many answers a second.
    pub(crate) fn per_second(&self) -> f64 {
        real(self.requests) / self.seconds.max(1e-9)
    }

    /// The processor time for each answer.
    pub(crate) fn processor_millis_each(&self) -> Option<f64> {
        let millis = self.processor_millis?;
        (self.requests > 0).then(|| millis / real(self.requests))
    }

    /// Fails where answers were not what they should be: then nothing was measured.
    pub(crate) fn judge(&self, what: &str) -> Outcome {
        let mut faults = Vec::new();
        if self.unexpected > 0 {
            let sample = self.sample.as_deref().unwrap_or_default();
            faults.push(format!(
                "{} answers with a status that was not expected, the first of them\n{}",
                self.unexpected,
                sample.trim_end()
            ));
        }
        for (error, count) in &self.errors {
            faults.push(format!("{count} times {error}"));
        }
        if self.requests == 0 {
            faults.push("not one answer in time".to_owned());
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("{what}: {}", faults.join("; "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        Summary {
            requests: 300,
            seconds: 1.5,
            p50_micros: 1,
            p95_micros: 2,
            p99_micros: 3,
            max_micros: 4,
            late_p99_micros: 0,
            statuses: BTreeMap::from([(200, 290), (503, 10)]),
            unexpected: 0,
            sample: None,
            errors: BTreeMap::new(),
            processor_millis: Some(60.0),
        }
    }

    #[test]
    fn what_is_printed_is_read_again() {
        let line = summary().to_line().unwrap();
        assert_eq!(line.lines().count(), 1);
        assert_eq!(Summary::from_line(&format!("{line}\n")).unwrap(), summary());
        assert!(Summary::from_line("panicked at").is_err());
    }

    #[test]
    fn figures_are_by_the_second_and_by_the_request() {
        assert!((summary().per_second() - 200.0).abs() < 1e-9);
        assert_eq!(summary().processor_millis_each(), Some(0.2));
    }

    #[test]
    fn without_an_answer_there_is_no_figure() {
        assert!(summary().judge("a row").is_ok());
        let none = Summary {
            requests: 0,
            ..summary()
        };
        assert_eq!(
            none.judge("a row").unwrap_err().to_string(),
            "a row: not one answer in time"
        );
    }
}
