//! The page: what was measured goes into `docs/PERFORMANCE.md`, between markers, and beside it as
//! plots. Nobody types a figure.

use std::fs;
use std::path::Path;

use super::report::Report;
use super::stores::Stores;
use super::{plots, table};
use crate::failure::{Failure, Outcome};
use crate::shell;

/// The page, from the root.
const PAGE: &str = "docs/PERFORMANCE.md";

/// Where the plots are: from the page, and from the root.
const PLOTS: &str = "performance";
const PLOTS_FOLDER: &str = "docs/performance";

/// What the page begins with where there is none.
const BEGINNING: &str = "# Performance\n";

/// The name of a section, which is in its markers and in the names of its plots.
const fn name(stores: Stores) -> &'static str {
    match stores {
        Stores::Shared => "bench",
        Stores::Embedded => "bench-embedded",
    }
}

/// Writes the section of this run, and its plots; the other sections stay as they are.
pub(super) fn write(report: &Report) -> Outcome {
    let name = name(report.stores);
    let drawn = [
        (format!("{name}-ratios"), plots::ratios(report)?),
        (format!("{name}-latencies"), plots::latencies(report)?),
    ];
    place(name, &section(report, name), &drawn)
}

/// Writes a section of this name, and plots of these names.
pub(super) fn place(name: &str, section: &str, drawn: &[(String, String)]) -> Outcome {
    let root = shell::root();
    let path = root.join(PAGE);
    let page = fs::read_to_string(&path).unwrap_or_else(|_| BEGINNING.to_owned());
    let merged = merge(&page, name, section)
        .ok_or_else(|| Failure::new(format!("{PAGE}: <!-- {name}:begin --> has no end")))?;
    let folder = root.join(PLOTS_FOLDER);
    fs::create_dir_all(&folder).map_err(|error| cannot(&folder, &error))?;
    for (plot, drawing) in drawn {
        let plot = folder.join(format!("{plot}.svg"));
        fs::write(&plot, drawing).map_err(|error| cannot(&plot, &error))?;
    }
    fs::write(&path, merged).map_err(|error| cannot(&path, &error))
}

/// What stands between the markers.
fn section(report: &Report, name: &str) -> String {
    let argument = report.stores.argument();
    let notes: String = table::notes(report)
        .iter()
        .map(|note| format!("- {note}.\n"))
        .collect();
    format!(
        "With {}; {} rounds of {} s. {}.\n\n\
         To repeat it: `cargo xtask bench{argument}`.\n\n{}\n{notes}\n\
         ![What part of its ceiling each row reaches]({PLOTS}/{name}-ratios.svg)\n\n\
         ![How long answers take]({PLOTS}/{name}-latencies.svg)\n",
        report.stores.told(),
        report.rounds,
        report.seconds,
        report.machine.told(),
        table::render(report),
    )
}

/// The page with this section: between its markers, or else at the end.
fn merge(page: &str, name: &str, section: &str) -> Option<String> {
    let (begin, end) = (
        format!("<!-- {name}:begin -->"),
        format!("<!-- {name}:end -->"),
    );
    let Some((before, rest)) = page.split_once(&begin) else {
        let page = page.trim_end();
        return Some(format!("{page}\n\n{begin}\n{section}{end}\n"));
    };
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{section}{end}{after}"))
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_section_is_replaced_and_what_is_around_it_stays() {
        let page = "# Performance\n\nBefore.\n\n<!-- bench:begin -->\nold\n<!-- bench:end -->\n\n\
                    <!-- bench-embedded:begin -->\nother\n<!-- bench-embedded:end -->\nAfter.\n";
        let merged = merge(page, "bench", "new\n").unwrap();
        assert_eq!(merged, page.replace("\nold\n", "\nnew\n"));
        let merged = merge(page, "bench-embedded", "new\n").unwrap();
        assert_eq!(merged, page.replace("\nother\n", "\nnew\n"));
    }

    #[test]
    fn a_section_that_is_new_is_added_and_one_without_an_end_is_refused() {
        let merged = merge(BEGINNING, "bench", "new\n").unwrap();
        let expected = "# Performance\n\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\n";
        assert_eq!(merged, expected);
        assert_eq!(merge("<!-- bench:begin -->\nold\n", "bench", "new\n"), None);
    }

    #[test]
    fn a_section_says_what_where_when_and_how_to_repeat_it() {
        let mut report = sample::report();
        let text = section(&report, "bench");
        for part in [
            "2030-01-02",
            "Some CPU",
            "PostgreSQL 17.0",
            "5 rounds of 5 s",
            "`cargo xtask bench`",
            "0.93 (0.92–0.94)",
            "(performance/bench-ratios.svg)",
            "; by pgbench 1,100 a second.\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        report.stores = Stores::Embedded;
        assert!(section(&report, "bench-embedded").contains("`cargo xtask bench --embedded`"));
    }
}
