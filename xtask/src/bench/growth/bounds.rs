//! What operations may cost in a database that has more sessions.

use super::super::written::{figure, ratio};
use super::figures::{Figures, OfDatabase, Pair};
use crate::numbers::real;

/// How much longer half of them may take than with the fewest sessions.
pub(super) const MEDIAN: f64 = 1.5;
/// How much longer 99 of a hundred may.
pub(super) const P99: f64 = 3.0;
/// How many times the pages may be touched: an index of a hundred times the entries has one more
/// level, of two to four.
pub(super) const PAGES: f64 = 1.5;
/// How many sessions a second have to be swept.
pub(super) const SWEPT: f64 = 10_000.0;

/// What costs more than it may, in words.
pub(super) fn exceeded(figures: &Figures) -> Vec<String> {
    let operations = figures.pairs().flat_map(|pair| of_operation(&pair));
    let sweeps = figures.databases.iter().filter_map(of_sweep);
    let shapes = unlike(figures);
    operations.chain(sweeps).chain(shapes).collect()
}

fn of_operation(pair: &Pair<'_>) -> Vec<String> {
    let (name, sessions) = (&pair.few.name, figure(real(pair.sessions)));
    [
        ("median", pair.median(), MEDIAN),
        ("p99", pair.p99(), P99),
        ("pages", pair.pages(), PAGES),
    ]
    .into_iter()
    .filter(|(_, times, most)| times > most)
    .map(|(what, times, _)| format!("{name}, {sessions} sessions: {what} {} times", ratio(times)))
    .collect()
}

fn of_sweep(database: &OfDatabase) -> Option<String> {
    let swept = database.sweep.rows_per_second;
    let sessions = figure(real(database.sessions));
    (swept < SWEPT).then(|| format!("sweep, {sessions} sessions: {} a second", figure(swept)))
}

/// Databases that differ in more than their sessions cannot be compared.
fn unlike(figures: &Figures) -> Option<String> {
    let mut shapes = figures
        .databases
        .iter()
        .map(|database| (database.partitions, &database.shared_buffers));
    let first = shapes.next()?;
    shapes
        .any(|shape| shape != first)
        .then(|| "the databases differ in partitions or buffers".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_is_within_its_bounds_is_not_told() {
        assert_eq!(exceeded(&sample::figures()), Vec::<String>::new());
    }

    #[test]
    fn whatever_exceeds_a_bound_is_told() {
        let mut figures = sample::figures();
        let many = figures.databases.last_mut().unwrap();
        many.operations[0].median_ms *= 2.0;
        many.operations[1].pages *= 2.0;
        many.sweep.rows_per_second = 9_000.0;
        many.partitions += 1;
        let expected = [
            "list, 1,000,000 sessions: median 2.40 times",
            "open, 1,000,000 sessions: pages 2.40 times",
            "sweep, 1,000,000 sessions: 9,000 a second",
            "the databases differ in partitions or buffers",
        ];
        assert_eq!(exceeded(&figures), expected);
    }
}
