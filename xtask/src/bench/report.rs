//! All figures of a run, as they are kept in a file.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::race::Race;
use super::stores::Stores;
use crate::failure::{Failure, Outcome};

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// Where and when.
    pub(super) machine: Machine,
    /// What the server kept its data in.
    pub(super) stores: Stores,
    /// How often server and ceiling took turns.
    pub(super) rounds: u32,
    /// How long each turn was measured.
    pub(super) seconds: u64,
    /// The rows with a ceiling.
    pub(super) races: Vec<Race>,
    /// The rows with a bound.
    pub(super) bounds: Vec<Bound>,
}

/// A row that a figure bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bound {
    /// The row's name for programs.
    pub(super) key: String,
    /// The row's name for persons.
    pub(super) work: String,
    /// What was measured, as often as it was.
    pub(super) values: Vec<f64>,
    /// The figure: the median of them.
    pub(super) value: f64,
    /// What it may be at most.
    pub(super) most: f64,
    /// In what it is counted.
    pub(super) unit: String,
    /// How it came about.
    pub(super) note: Option<String>,
    /// Latencies behind it.
    pub(super) latency: Option<Latency>,
}

impl Bound {
    /// Whether it is kept.
    pub(super) fn is_kept(&self) -> bool {
        self.value <= self.most
    }
}

/// How long answers took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Latency {
    /// What half of them did not exceed.
    pub(super) p50: f64,
    /// The same for 95 of a hundred.
    pub(super) p95: f64,
    /// The same for 99 of a hundred.
    pub(super) p99: f64,
    /// The worst.
    pub(super) max: f64,
}

impl Report {
    /// Keeps it.
    pub(super) fn write(&self, path: &Path) -> Outcome {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| cannot(path, &error))?;
        text.push('\n');
        fs::write(path, text).map_err(|error| cannot(path, &error))
    }

    /// What another run has kept.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| cannot(path, &error))?;
        serde_json::from_str(&text).map_err(|error| cannot(path, &error))
    }

    /// The rows that do not reach what they must, by their names for programs.
    pub(super) fn short(&self) -> Vec<&str> {
        let races = self.races.iter().filter(|race| !race.is_reached());
        let bounds = self.bounds.iter().filter(|bound| !bound.is_kept());
        races
            .map(|race| race.key.as_str())
            .chain(bounds.map(|bound| bound.key.as_str()))
            .collect()
    }
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the figures in {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::folder::Folder;

    #[test]
    fn what_is_kept_is_read_again() {
        let folder = Folder::create("kogents-report").unwrap();
        let path = folder.path("figures.json");
        sample::report().write(&path).unwrap();
        assert_eq!(Report::read(&path).unwrap(), sample::report());
        fs::write(&path, "{}").unwrap();
        assert!(Report::read(&path).is_err());
    }

    #[test]
    fn rows_that_fall_short_are_named() {
        let mut report = sample::report();
        assert!(report.short().is_empty());
        report.bounds[0].value = report.bounds[0].most + 0.001;
        report.races[0].least = Some(0.99);
        assert_eq!(report.short(), ["live", "start"]);
    }
}
