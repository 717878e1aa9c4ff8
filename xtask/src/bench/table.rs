//! The table: one line for each row that was measured.

use super::columns::Columns;
use super::race::Race;
use super::report::{Bound, Latency, Report};
use super::spread::Spread;
use super::written::{NONE, figure, maybe, ratio};

/// What the columns are called.
const HEAD: [&str; 12] = [
    "work",
    "a second",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU ms",
    "MiB",
    "ceiling",
    "its CPU ms",
    "reached",
    "required",
    "verdict",
];

/// The table of a run.
pub(super) fn render(report: &Report) -> String {
    let mut columns = Columns::new(&HEAD);
    for race in &report.races {
        columns.push(of_race(race));
    }
    for bound in &report.bounds {
        columns.push(of_bound(bound));
    }
    columns.render()
}

/// What the ceilings are, what other programs make of the same work, and how figures came about, a
/// line each.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let ceilings = report.races.iter().map(|race| {
        let beside = race.beside.as_ref().map(|beside| {
            let figure = beside.per_second.map_or_else(
                || format!("{NONE}, it is not installed"),
                |per_second| format!("{} a second", figure(per_second)),
            );
            format!("; by {} {figure}", beside.program)
        });
        let beside = beside.unwrap_or_default();
        format!("{}: beside {}{beside}", race.work, race.ceiling)
    });
    let notes = report.bounds.iter().filter_map(|bound| {
        let note = bound.note.as_ref()?;
        Some(format!("{}: {note}", bound.work))
    });
    ceilings.chain(notes).collect()
}

fn of_race(race: &Race) -> Vec<String> {
    let latency = race.latency();
    let (reached, required) = (race.ratio(), race.least);
    vec![
        race.work.clone(),
        maybe(race.per_second()),
        maybe(latency.map(|latency| latency.p50)),
        maybe(latency.map(|latency| latency.p95)),
        maybe(latency.map(|latency| latency.p99)),
        maybe(race.median(|turn| turn.cpu_millis)),
        maybe(race.median(|turn| turn.peak_mib)),
        maybe(race.ceiling_per_second()),
        maybe(race.ceiling_cpu_millis()),
        reached.map_or_else(|| NONE.to_owned(), spread),
        required.map_or_else(|| NONE.to_owned(), |least| format!("≥ {}", ratio(least))),
        required
            .map_or(NONE, |_| verdict(race.is_reached()))
            .to_owned(),
    ]
}

fn of_bound(bound: &Bound) -> Vec<String> {
    let latency = |at: fn(Latency) -> f64| maybe(bound.latency.map(at));
    let (unit, none) = (&bound.unit, || NONE.to_owned());
    vec![
        bound.work.clone(),
        none(),
        latency(|latency| latency.p50),
        latency(|latency| latency.p95),
        latency(|latency| latency.p99),
        none(),
        none(),
        none(),
        none(),
        format!("{} {unit}", figure(bound.value)),
        format!("≤ {} {unit}", figure(bound.most)),
        verdict(bound.is_kept()).to_owned(),
    ]
}

/// `0.93 (0.91–0.95)`.
fn spread(spread: Spread) -> String {
    let Spread {
        median,
        least,
        most,
    } = spread;
    format!("{} ({}–{})", ratio(median), ratio(least), ratio(most))
}

fn verdict(good: bool) -> &'static str {
    if good { "ok" } else { "short" }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_row_has_a_line_with_its_figures() {
        let table = render(&sample::report());
        let lines: Vec<String> = table
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            lines[2..],
            [
                "| `GET /live` | 18,600 | 0.500 | 1.25 | 2.00 | 0.062 | 48.0 | 20,000 \
                 | 0.062 | 0.93 (0.92–0.94) | ≥ 0.90 | ok |",
                "| `GET /refresh` | 700 | 0.500 | 1.25 | 2.00 | 0.062 | 48.0 | 1,000 \
                 | 0.062 | 0.70 (0.70–0.70) | ≥ 0.65 | ok |",
                "| figure <start> & more | – | – | – | – | – | – | – | – | 120 ms | ≤ 150 ms | ok |",
            ]
        );
    }

    #[test]
    fn what_falls_short_says_so_and_what_nothing_is_asked_of_says_nothing() {
        let mut report = sample::report();
        report.races[0].least = Some(0.99);
        report.races[1].least = None;
        report.bounds[0].most = 100.0;
        let table = render(&report);
        let verdicts: Vec<&str> = table
            .lines()
            .skip(2)
            .filter_map(|line| line.trim_end_matches(" |").rsplit(' ').next())
            .collect();
        assert_eq!(verdicts, ["short", "–", "short"]);
    }

    #[test]
    fn notes_tell_of_ceilings_and_of_other_programs() {
        let mut report = sample::report();
        assert_eq!(
            notes(&report),
            [
                "`GET /live`: beside a bare handler",
                "`GET /refresh`: beside a bare handler; by pgbench 1,100 a second"
            ]
        );
        report.races[1].beside.as_mut().unwrap().per_second = None;
        report.bounds[0].note = Some("ten starts".to_owned());
        assert_eq!(
            notes(&report)[1..],
            [
                "`GET /refresh`: beside a bare handler; by pgbench –, it is not installed",
                "figure <start> & more: ten starts"
            ]
        );
    }
}
