//! A row with a ceiling: server and ceiling took turns, and the ratio of each round counts.

use serde::{Deserialize, Serialize};

use super::report::Latency;
use super::spread::{Spread, median};

/// A row with a ceiling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Race {
    /// The row's name for programs.
    pub(super) key: String,
    /// The row's name for persons.
    pub(super) work: String,
    /// What the ceiling does.
    pub(super) ceiling: String,
    /// The part of its ceiling that it must reach, if any is asked for.
    pub(super) least: Option<f64>,
    /// What was measured.
    pub(super) rounds: Vec<Round>,
    /// What another program makes of the same work.
    pub(super) beside: Option<Beside>,
}

/// One round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Round {
    /// The server's turn.
    pub(super) server: Turn,
    /// The ceiling's turn, where there is one.
    pub(super) ceiling: Option<Turn>,
}

/// What came of one turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Turn {
    /// How much was done a second.
    pub(super) per_second: f64,
    /// How long answers took.
    pub(super) latency: Option<Latency>,
    /// The processor time of each answer, without that of the load tool and of the stores.
    pub(super) cpu_millis: Option<f64>,
    /// The memory at most.
    pub(super) peak_mib: Option<f64>,
}

/// What another program makes of the same work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Beside {
    /// Which.
    pub(super) program: String,
    /// How much it does a second; nothing where it is not installed.
    pub(super) per_second: Option<f64>,
}

impl Race {
    /// The part of its ceiling that the server reaches.
    pub(super) fn ratio(&self) -> Option<Spread> {
        Spread::of(self.rounds.iter().filter_map(|round| {
            let ceiling = round.ceiling.as_ref()?.per_second;
            (ceiling > 0.0).then(|| round.server.per_second / ceiling)
        }))
    }

    /// Whether that is enough, where something is asked for.
    pub(super) fn is_reached(&self) -> bool {
        match (self.least, self.ratio()) {
            (None, _) => true,
            (Some(least), Some(ratio)) => ratio.median >= least,
            (Some(_), None) => false,
        }
    }

    /// What the server does a second.
    pub(super) fn per_second(&self) -> Option<f64> {
        self.median(|turn| Some(turn.per_second))
    }

    /// What the ceiling does a second.
    pub(super) fn ceiling_per_second(&self) -> Option<f64> {
        let turns = self
            .rounds
            .iter()
            .filter_map(|round| round.ceiling.as_ref());
        median(turns.map(|turn| turn.per_second))
    }

    /// The processor time of the ceiling's answers.
    pub(super) fn ceiling_cpu_millis(&self) -> Option<f64> {
        let turns = self
            .rounds
            .iter()
            .filter_map(|round| round.ceiling.as_ref());
        median(turns.filter_map(|turn| turn.cpu_millis))
    }

    /// The median of the server's figures.
    pub(super) fn median(&self, figure: impl Fn(&Turn) -> Option<f64>) -> Option<f64> {
        median(self.rounds.iter().filter_map(|round| figure(&round.server)))
    }

    /// The server's latencies, the median of each.
    pub(super) fn latency(&self) -> Option<Latency> {
        let at = |figure: fn(Latency) -> f64| self.median(|turn| turn.latency.map(figure));
        Some(Latency {
            p50: at(|latency| latency.p50)?,
            p95: at(|latency| latency.p95)?,
            p99: at(|latency| latency.p99)?,
            max: at(|latency| latency.max)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn the_ratio_is_that_of_the_rounds_and_not_that_of_the_medians() {
        let race = sample::race("live", &[(90.0, 100.0), (50.0, 50.0), (80.0, 200.0)]);
        let ratio = race.ratio().unwrap();
        assert!((ratio.median - 0.9).abs() < 1e-9);
        assert!((ratio.least - 0.4).abs() < 1e-9);
        assert!((ratio.most - 1.0).abs() < 1e-9);
        assert_eq!(race.per_second(), Some(80.0));
        assert_eq!(race.ceiling_per_second(), Some(100.0));
    }

    #[test]
    fn enough_is_what_the_least_says() {
        let mut race = sample::race("live", &[(90.0, 100.0)]);
        assert!(race.is_reached());
        race.least = Some(0.91);
        assert!(!race.is_reached());
        race.rounds[0].ceiling = None;
        assert!(!race.is_reached(), "what has no ratio does not reach any");
        race.least = None;
        assert!(race.is_reached());
    }

    #[test]
    fn latencies_are_the_medians_of_the_rounds() {
        let race = sample::race("live", &[(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]);
        assert_eq!(race.latency(), race.rounds[0].server.latency);
    }
}
