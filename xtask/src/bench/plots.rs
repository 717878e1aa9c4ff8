//! The plots of a run: what part of their ceilings rows reach, and how long answers take.

mod bars;

use super::report::Report;
use super::written::figure;
use crate::failure::Failure;
use bars::{Bar, Group, Scale};

/// The colours of figures, from the most to the least important.
const COLOURS: [(u8, u8, u8); 3] = [(38, 84, 124), (94, 148, 190), (176, 206, 228)];

/// A bar for each row with a ceiling, a line for the spread of its rounds, a mark for what it must
/// reach.
pub(super) fn ratios(report: &Report) -> Result<String, Failure> {
    let groups: Vec<Group> = report
        .races
        .iter()
        .filter_map(|race| {
            let ratio = race.ratio()?;
            Some(Group {
                name: plain(&race.work),
                bars: vec![Bar {
                    value: ratio.median,
                    spread: Some((ratio.least, ratio.most)),
                    told: format!("{:.2}", ratio.median),
                }],
                required: race.least,
            })
        })
        .collect();
    let title = format!("Part of its ceiling, with {}", report.stores.told());
    let legend = [
        "median of the rounds, with the least and the most; red: what is required",
        "",
        "",
    ];
    let [_, middle, _] = COLOURS;
    bars::draw(&title, &groups, legend, [middle; 3], Scale::Linear)
}

/// Three bars for each row with latencies: p50, p95 and p99.
pub(super) fn latencies(report: &Report) -> Result<String, Failure> {
    let of_races = report.races.iter().map(|race| (&race.work, race.latency()));
    let of_bounds = report
        .bounds
        .iter()
        .map(|bound| (&bound.work, bound.latency));
    let groups: Vec<Group> = of_races
        .chain(of_bounds)
        .filter_map(|(work, latency)| {
            let latency = latency?;
            let bar = |value: f64| Bar {
                value,
                spread: None,
                told: figure(value),
            };
            Some(Group {
                name: plain(work),
                bars: [latency.p50, latency.p95, latency.p99].map(bar).into(),
                required: None,
            })
        })
        .collect();
    let title = format!("Milliseconds to an answer, with {}", report.stores.told());
    bars::draw(
        &title,
        &groups,
        ["p50", "p95", "p99"],
        COLOURS,
        Scale::Logarithmic,
    )
}

/// A bar for each operation and database: what half of them take at most.
pub(super) fn growth(
    operations: &[(String, Vec<f64>)],
    databases: &[String],
) -> Result<String, Failure> {
    let groups: Vec<Group> = operations
        .iter()
        .map(|(name, medians)| Group {
            name: name.clone(),
            bars: medians
                .iter()
                .map(|&value| Bar {
                    value,
                    spread: None,
                    told: figure(value),
                })
                .collect(),
            required: None,
        })
        .collect();
    let named = |index: usize| databases.get(index).map_or("", String::as_str);
    let legend = [named(0), named(1), named(2)];
    let title = "Milliseconds, with so many sessions";
    bars::draw(title, &groups, legend, COLOURS, Scale::Linear)
}

/// A row's name without what marks code.
fn plain(work: &str) -> String {
    work.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn plots_show_every_row_with_its_figures() {
        let report = sample::report();
        let drawn = ratios(&report).unwrap();
        for part in [
            "GET /live",
            "GET /refresh",
            "0.93",
            "0.70",
            "PostgreSQL and Redis",
        ] {
            assert!(drawn.contains(part), "{part}");
        }
        let drawn = latencies(&report).unwrap();
        for part in ["GET /live", "p50", "p95", "p99", "0.500", "1.25", "2.00"] {
            assert!(drawn.contains(part), "{part}");
        }
    }

    #[test]
    fn every_database_has_its_bar() {
        let operations = [("open".to_owned(), vec![6.5, 7.25])];
        let drawn = growth(&operations, &["10 k".to_owned(), "1 M".to_owned()]).unwrap();
        for part in ["open", "6.50", "7.25", "10 k", "1 M"] {
            assert!(drawn.contains(part), "{part}");
        }
    }

    #[test]
    fn without_rows_there_is_still_a_plot() {
        let mut report = sample::report();
        report.races.clear();
        assert!(ratios(&report).unwrap().contains("</svg>"));
        assert!(latencies(&report).unwrap().contains("</svg>"));
    }
}
