//! A run: each database is made, measured, compared, kept and published.

use std::path::Path;
use std::process::Command;

use super::super::machine::Machine;
use super::super::page;
use super::super::plots;
use super::super::programs::Programs;
use super::super::stop::Stop;
use super::databases::Duplicate;
use super::figures::{Figures, OfDatabase};
use super::request::Request;
use super::server::Server;
use super::{bounds, table};
use crate::failure::{Failure, Outcome};
use crate::shell;

/// The name of the section in the page.
const SECTION: &str = "bench-growth";

/// Measures what was asked for, and does with the figures what was asked for.
pub(super) fn run(request: &Request) -> Outcome {
    let programs = Programs::find(request.built)?;
    let stop = Stop::watch()?;
    let mut server = Server::find()?;
    let machine = Machine::read(Some(server.told()?), None)?;
    let mut databases = Vec::new();
    for sessions in &request.sessions {
        stop.check()?;
        eprintln!("{sessions} sessions");
        let copy = Duplicate::of(&mut server, &programs.server, *sessions, request.keep)?;
        stop.check()?;
        databases.push(measure(&programs.bare, &copy.url(), *sessions)?);
    }
    let figures = Figures { machine, databases };
    println!("{}\n", figures.machine.told());
    let rendered = table::render(&figures);
    print!("{rendered}");
    if let Some(path) = &request.json {
        keep(path, &figures)?;
    }
    if request.page {
        publish(request, &figures, &rendered)?;
    }
    let exceeded = bounds::exceeded(&figures);
    if request.strict && !exceeded.is_empty() {
        return Err(Failure::new(exceeded.join("; ")));
    }
    for fault in exceeded {
        println!("\n{fault}");
    }
    Ok(())
}

/// Has a database measured.
fn measure(program: &Path, url: &str, sessions: u64) -> Result<OfDatabase, Failure> {
    let what = "kogents-bench growth";
    let label = sessions.to_string();
    let mut command = Command::new(program);
    command.args(["growth", "--json", "--sessions-label", &label]);
    command.args(["--database-url", url]);
    let told = shell::output(&mut command, what)?;
    serde_json::from_str(&told)
        .map_err(|error| Failure::new(format!("{what} told something else: {error}")))
}

fn keep(path: &Path, figures: &Figures) -> Outcome {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::new(format!("the figures in {}: {error}", path.display()))
    };
    let mut text = serde_json::to_string_pretty(figures).map_err(|error| cannot(&error))?;
    text.push('\n');
    std::fs::write(path, text).map_err(|error| cannot(&error))
}

fn publish(request: &Request, figures: &Figures, rendered: &str) -> Outcome {
    let sessions: Vec<String> = request.sessions.iter().map(u64::to_string).collect();
    let sessions = sessions.join(",");
    let section = format!(
        "{}.\n\nTo repeat it: `cargo xtask bench growth --sessions {sessions}`.\n\n{rendered}\n\
         ![What each operation takes](performance/growth.svg)\n",
        figures.machine.told()
    );
    let drawn = plots::growth(&series(figures), &labels(figures))?;
    page::place(SECTION, &section, &[("growth".to_owned(), drawn)])
}

/// Each operation with its medians, that with the fewest sessions first.
fn series(figures: &Figures) -> Vec<(String, Vec<f64>)> {
    let first = figures.databases.first();
    let operations = first.into_iter().flat_map(|database| &database.operations);
    operations
        .map(|operation| {
            let pairs = figures.pairs();
            let of_name = pairs.filter(|pair| pair.few.name == operation.name);
            let medians = of_name.map(|pair| pair.many.median_ms).collect();
            (operation.name.clone(), medians)
        })
        .collect()
}

/// How many sessions each database has, in few characters.
fn labels(figures: &Figures) -> Vec<String> {
    let databases = figures.databases.iter();
    databases.map(|database| short(database.sessions)).collect()
}

fn short(number: u64) -> String {
    for (unit, letter) in [(1_000_000, "M"), (1_000, "k")] {
        if number >= unit && number.is_multiple_of(unit) {
            return format!("{} {letter}", number / unit);
        }
    }
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn numbers_are_short_where_that_leaves_nothing_out() {
        assert_eq!(short(10_000), "10 k");
        assert_eq!(short(10_000_000), "10 M");
        assert_eq!(short(12_345), "12345");
    }

    #[test]
    fn an_operation_has_a_median_of_each_database() {
        let series = series(&sample::figures());
        let names: Vec<&str> = series.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["list", "open"]);
        assert!(series.iter().all(|(_, medians)| medians.len() == 2));
    }

    #[test]
    fn what_a_database_came_to_is_read_as_it_is_told() {
        let told = r#"{"sessions":10000,"partitions":15,"sharedBuffers":"128MB",
            "serverVersion":"15.20","databaseBytes":26000000,
            "operations":[{"name":"list","times":300,"medianMs":0.6,"p99Ms":1.2,"pages":27.0}],
            "sweep":{"rows":100000,"seconds":6.0,"rowsPerSecond":16723.0,"batches":100,
            "medianMs":55.0,"p99Ms":80.0,"pagesPerRow":44.8}}"#;
        let read: OfDatabase = serde_json::from_str(told).unwrap();
        assert_eq!((read.sessions, read.operations.len()), (10_000, 1));
    }
}
