//! The arguments of `cargo xtask bench growth`.

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::failure::Failure;

/// What is to be measured, and what to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// How many sessions each database has, the fewest first.
    pub(super) sessions: Vec<u64>,
    /// Where to keep all figures.
    pub(super) json: Option<PathBuf>,
    /// Whether the page is written.
    pub(super) page: bool,
    /// Whether what costs too much fails the task.
    pub(super) strict: bool,
    /// Whether seeded databases stay.
    pub(super) keep: bool,
    /// Whether everything is built already.
    pub(super) built: bool,
}

/// How many sessions there are at least: persons are chosen of them.
const FEWEST: u64 = 10_000;
/// How many there may be; more are not seeded.
const MOST: u64 = 100_000_000;
/// How many databases are compared: a plot has so many colours.
const DATABASES: usize = 3;

/// Reads the arguments.
pub(super) fn read(arguments: &[String]) -> Result<Request, Failure> {
    let mut arguments = Arguments::of("bench", arguments);
    let mut request = Request {
        sessions: vec![10_000, 1_000_000],
        json: None,
        page: false,
        strict: false,
        keep: false,
        built: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.name {
            "--sessions" => request.sessions = sessions(arguments.value(argument)?)?,
            "--json" => request.json = Some(arguments.value(argument)?.into()),
            _ => {
                arguments.flag(argument)?;
                match argument.name {
                    "--page" => request.page = true,
                    "--strict" => request.strict = true,
                    "--keep" => request.keep = true,
                    "--built" => request.built = true,
                    _ => return Err(arguments.unknown(argument)),
                }
            }
        }
    }
    Ok(request)
}

/// Numbers that rise.
fn sessions(text: &str) -> Result<Vec<u64>, Failure> {
    let numbers = text.replace('_', "");
    let numbers: Option<Vec<u64>> = numbers
        .split(',')
        .map(|number| number.trim().parse().ok())
        .map(|number| number.filter(|number| (FEWEST..=MOST).contains(number)))
        .collect();
    numbers
        .filter(|numbers| {
            numbers.len() <= DATABASES && numbers.is_sorted_by(|one, other| one < other)
        })
        .ok_or_else(|| {
            Failure::usage(format!(
                "--sessions must be up to {DATABASES} numbers from {FEWEST} to {MOST} that rise, \
                 not '{text}'"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Result<Request, Failure> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        read(&words)
    }

    #[test]
    fn by_itself_ten_thousand_sessions_stand_beside_a_million() {
        let request = asked("").unwrap();
        assert_eq!(request.sessions, [10_000, 1_000_000]);
        assert!(!request.page && !request.strict && !request.keep && !request.built);
    }

    #[test]
    fn everything_can_be_said() {
        let request = asked(
            "--sessions=10_000,1000000,10_000_000 --json a.json --page --strict --keep --built",
        );
        let expected = Request {
            sessions: vec![10_000, 1_000_000, 10_000_000],
            json: Some("a.json".into()),
            page: true,
            strict: true,
            keep: true,
            built: true,
        };
        assert_eq!(request.unwrap(), expected);
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for wrong in [
            "--sessions",
            "--sessions 1000",
            "--sessions 20000,10000",
            "--sessions 10000,10000",
            "--sessions 10000,20000,30000,40000",
            "--sessions 10000,",
            "--sessions 100000001",
            "--page=1",
            "--rounds 3",
        ] {
            assert_eq!(asked(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
