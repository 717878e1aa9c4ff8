//! How the figures of a run stand to those that another one has kept.

use super::columns::Columns;
use super::race::Race;
use super::report::{Bound, Report};
use super::written::{NONE, ratio};

/// Below this part of what it was, a figure is a regression; a bounded one, above its inverse.
const LEAST: f64 = 0.90;

const HEAD: [&str; 7] = [
    "against the other run",
    "a second",
    "p99",
    "CPU each",
    "reached",
    "figure",
    "verdict",
];

/// A comparison.
#[derive(Debug)]
pub(super) struct Comparison {
    /// As a table.
    pub(super) table: String,
    /// The rows that have become worse, by their names for programs.
    pub(super) regressions: Vec<String>,
}

/// Compares a run with an earlier one.
pub(super) fn of(now: &Report, then: &Report) -> Comparison {
    let mut columns = Columns::new(&HEAD);
    let mut regressions = Vec::new();
    for race in &now.races {
        if let Some(earlier) = then.races.iter().find(|earlier| earlier.key == race.key) {
            let (row, worse) = races(race, earlier);
            columns.push(row);
            regressions.extend(worse.then(|| race.key.clone()));
        }
    }
    for bound in &now.bounds {
        if let Some(earlier) = then.bounds.iter().find(|earlier| earlier.key == bound.key) {
            let (row, worse) = bounds(bound, earlier);
            columns.push(row);
            regressions.extend(worse.then(|| bound.key.clone()));
        }
    }
    Comparison {
        table: columns.render(),
        regressions,
    }
}

/// Worse is who does less a second, or less of what its ceiling does.
fn races(now: &Race, then: &Race) -> (Vec<String>, bool) {
    let per_second = quotient(now.per_second(), then.per_second());
    let reached = quotient(
        now.ratio().map(|spread| spread.median),
        then.ratio().map(|spread| spread.median),
    );
    let p99 = |race: &Race| race.latency().map(|latency| latency.p99);
    let cpu = |race: &Race| race.median(|turn| turn.cpu_millis);
    let worse = [per_second, reached]
        .into_iter()
        .flatten()
        .any(|quotient| quotient < LEAST);
    let row = vec![
        now.work.clone(),
        times(per_second),
        times(quotient(p99(now), p99(then))),
        times(quotient(cpu(now), cpu(then))),
        times(reached),
        NONE.to_owned(),
        verdict(worse),
    ];
    (row, worse)
}

/// Worse is who needs more.
fn bounds(now: &Bound, then: &Bound) -> (Vec<String>, bool) {
    let figure = quotient(Some(now.value), Some(then.value));
    let worse = figure.is_some_and(|quotient| quotient > 1.0 / LEAST);
    let none = || NONE.to_owned();
    let row = vec![
        now.work.clone(),
        none(),
        none(),
        none(),
        none(),
        times(figure),
        verdict(worse),
    ];
    (row, worse)
}

fn quotient(now: Option<f64>, then: Option<f64>) -> Option<f64> {
    let (now, then) = now.zip(then)?;
    (then > 0.0).then(|| now / then)
}

fn times(quotient: Option<f64>) -> String {
    quotient.map_or_else(
        || NONE.to_owned(),
        |quotient| format!("× {}", ratio(quotient)),
    )
}

fn verdict(worse: bool) -> String {
    if worse { "REGRESSION" } else { "ok" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_same_figures_are_no_regression() {
        let report = sample::report();
        let comparison = of(&report, &report);
        assert!(comparison.regressions.is_empty());
        assert_eq!(comparison.table.lines().count(), 5);
        assert_eq!(comparison.table.matches("× 1.00").count(), 4 * 2 + 1);
        assert!(!comparison.table.contains("REGRESSION"));
    }

    #[test]
    fn less_throughput_less_of_the_ceiling_and_more_of_a_figure_are_named() {
        let then = sample::report();
        let mut now = sample::report();
        for round in &mut now.races[0].rounds {
            // A slower machine: the ratio is as good as it was, the throughput is not.
            round.server.per_second *= 0.85;
            round.ceiling.as_mut().unwrap().per_second *= 0.85;
        }
        // A faster one that hides what was lost.
        now.races[1].rounds[0].ceiling.as_mut().unwrap().per_second *= 1.2;
        now.bounds[0].value *= 1.2;
        let comparison = of(&now, &then);
        assert_eq!(comparison.regressions, ["live", "refresh", "start"]);
        assert_eq!(comparison.table.matches("REGRESSION").count(), 3);
        assert!(comparison.table.contains("× 0.85"));
        assert!(comparison.table.contains("× 0.83"));
        assert!(comparison.table.contains("× 1.20"));
    }

    #[test]
    fn better_is_not_worse_and_what_the_other_run_lacks_is_left_out() {
        let mut then = sample::report();
        let mut now = sample::report();
        then.races.remove(1);
        now.races[0].rounds[0].server.per_second *= 1.5;
        now.bounds[0].value *= 0.5;
        let comparison = of(&now, &then);
        assert!(comparison.regressions.is_empty());
        assert_eq!(comparison.table.lines().count(), 4);
    }
}
