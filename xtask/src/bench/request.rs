//! The arguments of `cargo xtask bench`.

use std::path::PathBuf;
use std::time::Duration;

use super::row::Row;
use super::stores::Stores;
use crate::arguments::Arguments;
use crate::failure::Failure;

/// What is to be measured, and what to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// What the server keeps its data in.
    pub(super) stores: Stores,
    /// Which rows, in the order of the table.
    pub(super) rows: Vec<Row>,
    /// How often server and ceiling take turns.
    pub(super) rounds: u32,
    /// How long each turn is measured.
    pub(super) measured: Duration,
    /// Where to keep all figures.
    pub(super) json: Option<PathBuf>,
    /// Which run to compare with.
    pub(super) compare: Option<PathBuf>,
    /// Whether the page is written.
    pub(super) page: bool,
    /// Whether a row that falls short fails the task.
    pub(super) strict: bool,
    /// Whether everything is built already.
    pub(super) built: bool,
}

/// Reads the arguments.
pub(super) fn read(arguments: &[String]) -> Result<Request, Failure> {
    let mut arguments = Arguments::of("bench", arguments);
    let mut request = Request {
        stores: Stores::Shared,
        rows: Row::ALL.to_vec(),
        rounds: 5,
        measured: Duration::from_secs(5),
        json: None,
        compare: None,
        page: false,
        strict: false,
        built: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.name {
            "--rows" => request.rows = rows(arguments.value(argument)?)?,
            "--rounds" => request.rounds = arguments.number(argument, 1..=100)?,
            "--seconds" => {
                request.measured = Duration::from_secs(arguments.number(argument, 1..=600)?);
            }
            "--json" => request.json = Some(arguments.value(argument)?.into()),
            "--compare" => request.compare = Some(arguments.value(argument)?.into()),
            _ => {
                arguments.flag(argument)?;
                match argument.name {
                    "--embedded" => request.stores = Stores::Embedded,
                    "--page" => request.page = true,
                    "--strict" => request.strict = true,
                    "--built" => request.built = true,
                    _ => return Err(arguments.unknown(argument)),
                }
            }
        }
    }
    if request.page && request.rows != Row::ALL {
        return Err(Failure::usage(
            "the page has all rows: say --page without --rows",
        ));
    }
    Ok(request)
}

/// The rows that are named, in the order of the table.
fn rows(names: &str) -> Result<Vec<Row>, Failure> {
    let named: Vec<&str> = names.split(',').map(str::trim).collect();
    if let Some(unknown) = named
        .iter()
        .find(|name| Row::ALL.iter().all(|row| row.key() != **name))
    {
        let keys = Row::ALL.map(Row::key).join(", ");
        return Err(Failure::usage(format!(
            "there is no row '{unknown}'; there are {keys}"
        )));
    }
    let rows = Row::ALL.into_iter();
    Ok(rows.filter(|row| named.contains(&row.key())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Result<Request, Failure> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        read(&words)
    }

    #[test]
    fn by_itself_everything_is_measured_five_times() {
        let request = asked("").unwrap();
        assert_eq!(request.rows, Row::ALL);
        assert_eq!((request.rounds, request.measured.as_secs()), (5, 5));
        assert_eq!(request.stores, Stores::Shared);
        assert!(!request.strict && !request.page && !request.built);
    }

    #[test]
    fn everything_can_be_said() {
        let request = asked(
            "--embedded --rows refresh,live --rounds 3 --seconds=2 --json a.json \
             --compare b.json --strict --built",
        )
        .unwrap();
        let expected = Request {
            stores: Stores::Embedded,
            rows: vec![Row::Live, Row::Refresh],
            rounds: 3,
            measured: Duration::from_secs(2),
            json: Some("a.json".into()),
            compare: Some("b.json".into()),
            page: false,
            strict: true,
            built: true,
        };
        assert_eq!(request, expected);
        assert!(asked("--page --rounds 1").unwrap().page);
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for wrong in [
            "--rounds 0",
            "--rounds 101",
            "--seconds 0",
            "--seconds",
            "--rows",
            "--rows live,paint",
            "--rows=",
            "--page --rows live",
            "--strict=no",
            "--paint",
            "paint",
        ] {
            assert_eq!(asked(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn help_names_every_row() {
        let help = crate::bench::HELP
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(help.contains(&Row::ALL.map(Row::key).join(", ")), "{help}");
    }
}
