//! `cargo xtask bench`: the release beside its ceilings, measured in the same run, as one table.
//!
//! What sends requests and draws is behind the feature `bench`; without it this program becomes a
//! build of itself that has it.

#[cfg(any(feature = "bench", test))]
mod asks;
#[cfg(any(feature = "bench", test))]
mod bed;
#[cfg(any(feature = "bench", test))]
mod binary;
#[cfg(any(feature = "bench", test))]
mod columns;
#[cfg(any(feature = "bench", test))]
mod comparison;
#[cfg(any(feature = "bench", test))]
mod contest;
#[cfg(any(feature = "bench", test))]
mod driver;
#[cfg(any(feature = "bench", test))]
mod flood;
#[cfg(any(feature = "bench", test))]
mod growth;
#[cfg(any(feature = "bench", test))]
mod machine;
#[cfg(any(feature = "bench", test))]
mod page;
#[cfg(any(feature = "bench", test))]
mod pgbench;
#[cfg(any(feature = "bench", test))]
mod plots;
#[cfg(any(feature = "bench", test))]
mod programs;
#[cfg(any(feature = "bench", test))]
mod progress;
#[cfg(any(feature = "bench", test))]
mod race;
#[cfg(any(feature = "bench", test))]
mod report;
#[cfg(any(feature = "bench", test))]
mod request;
#[cfg(any(feature = "bench", test))]
mod row;
#[cfg(test)]
mod sample;
#[cfg(any(feature = "bench", test))]
mod session;
#[cfg(any(feature = "bench", test))]
mod shared;
#[cfg(any(feature = "bench", test))]
mod spread;
#[cfg(any(feature = "bench", test))]
mod started;
#[cfg(any(feature = "bench", test))]
mod starts;
#[cfg(any(feature = "bench", test))]
mod stop;
#[cfg(any(feature = "bench", test))]
mod stores;
#[cfg(any(feature = "bench", test))]
mod table;
#[cfg(any(feature = "bench", test))]
mod variables;
#[cfg(any(feature = "bench", test))]
mod work;
#[cfg(any(feature = "bench", test))]
mod written;

use crate::failure::Outcome;

/// What `--help` says.
const HELP: &str = include_str!("bench/help.txt");
const HELP_ON_GROWTH: &str = include_str!("bench/growth/help.txt");

/// The first argument that asks for another measurement.
const GROWTH: &str = "growth";

/// Measures what the arguments ask for.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let mut words = arguments.iter().map(String::as_str);
    match (words.next(), words.next()) {
        (Some("--help" | "-h"), _) => print!("{HELP}"),
        (Some(GROWTH), Some("--help" | "-h")) => print!("{HELP_ON_GROWTH}"),
        _ => return measure(arguments),
    }
    Ok(())
}

#[cfg(any(feature = "bench", test))]
fn measure(arguments: &[String]) -> Outcome {
    match arguments.split_first() {
        Some((first, arguments)) if first == GROWTH => growth::run(arguments),
        _ => work::run(&request::read(arguments)?),
    }
}

#[cfg(not(any(feature = "bench", test)))]
fn measure(arguments: &[String]) -> Outcome {
    eprintln!("what measures is built, once");
    Err(crate::shell::become_with("bench", "bench", arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_a_usage_error_before_anything_is_built() {
        assert_eq!(run(&["--paint".to_owned()]).unwrap_err().exit_code(), 2);
        assert!(run(&["--help".to_owned()]).is_ok());
        let growth = ["growth", "--rounds=5"].map(str::to_owned);
        assert_eq!(run(&growth).unwrap_err().exit_code(), 2);
        assert!(run(&["growth", "--help"].map(str::to_owned)).is_ok());
    }
}
