//! The arguments of `cargo xtask seed`.

use super::target::Target;
use crate::failure::Failure;

/// What `--help` says.
pub(super) const HELP: &str = "\
cargo xtask seed --sessions N [--persons N] [--months N] [--seed N] [--database URL] [--add]

Fills a database with persons, workspaces, devices and sessions, to measure on.

  --sessions N    how many sessions, up to 100,000,000
  --persons N     how many persons have them; a twentieth of the sessions unless said otherwise.
                  From about a thousand sessions a person on, some have more live ones than the
                  server lets anybody open
  --months N      over how many months of thirty days back from now they are spread, 1 to 13;
                  12 unless said otherwise
  --seed N        the same number gives the same rows within an hour, in either store; 1 unless
                  said otherwise
  --database URL  postgresql://… or sqlite://path; unless it is given, the DATABASE_URL of the
                  environment, else kogents.db in DATA_DIR or ./data. A file .env is not read
  --add           also when there are persons or sessions in it already

The database must be migrated: `cargo xtask db up`, or a start of the server. Persons are called
person-1@seeded.example and so on, and the password of each is

  seeded persons sign in with this

Ctrl-C stops between two batches; what is there by then is whole.
";

const MOST_SESSIONS: u64 = 100_000_000;
const MOST_MONTHS: u64 = 13;
const DEFAULT_MONTHS: u64 = 12;
const DEFAULT_SEED: u64 = 1;
const SESSIONS_A_PERSON: u64 = 20;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Asked {
    /// How to ask.
    Help,
    /// A filled database.
    Seed(Request),
}

/// How a database is to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// How many sessions.
    pub(super) sessions: u64,
    /// How many persons have them.
    pub(super) persons: u64,
    /// Over how many months of thirty days.
    pub(super) months: u64,
    /// From which everything that looks random follows; below 2^31.
    pub(super) seed: u64,
    /// Which database.
    pub(super) database: Target,
    /// Whether there may be something in it.
    pub(super) adds: bool,
}

/// Reads the arguments; the default for the database is asked for only where none is named.
pub(super) fn read(
    arguments: &[String],
    default: impl FnOnce() -> Result<Target, Failure>,
) -> Result<Asked, Failure> {
    let (mut sessions, mut persons, mut months, mut seed) = (None, None, None, None);
    let (mut database, mut adds) = (None, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let (name, written) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (argument.as_str(), None),
        };
        match (name, written) {
            ("--help" | "-h", None) => return Ok(Asked::Help),
            ("--add", None) => {
                adds = true;
                continue;
            }
            _ => {}
        }
        let mut value = || {
            written
                .or_else(|| rest.next().map(String::as_str))
                .ok_or_else(|| Failure::usage(format!("{name} wants a value")))
        };
        match name {
            "--sessions" => sessions = Some(number(name, value()?, 1, MOST_SESSIONS)?),
            "--persons" => persons = Some(number(name, value()?, 1, MOST_SESSIONS)?),
            "--months" => months = Some(number(name, value()?, 1, MOST_MONTHS)?),
            "--seed" => seed = Some(number(name, value()?, 0, 0x7fff_fffe)?),
            "--database" => database = Some(Target::parse(value()?)?),
            _ => {
                return Err(Failure::usage(format!(
                    "'{argument}' means nothing here; `cargo xtask seed --help` says what does"
                )));
            }
        }
    }
    let sessions = sessions.ok_or_else(|| {
        Failure::usage("say how many: `cargo xtask seed --sessions N`; `--help` says more")
    })?;
    let persons = persons.unwrap_or_else(|| (sessions / SESSIONS_A_PERSON).max(1));
    if persons > sessions {
        return Err(Failure::usage("--persons must not be more than --sessions"));
    }
    Ok(Asked::Seed(Request {
        sessions,
        persons,
        months: months.unwrap_or(DEFAULT_MONTHS),
        seed: seed.unwrap_or(DEFAULT_SEED),
        database: database.map_or_else(default, Ok)?,
        adds,
    }))
}

/// A number within bounds; `1_000_000` is one too.
fn number(name: &str, text: &str, least: u64, most: u64) -> Result<u64, Failure> {
    text.replace('_', "")
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| {
            Failure::usage(format!(
                "{name} must be a number from {least} to {most}, not '{text}'"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Result<Request, Failure> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        match read(&words, || Ok(Target::Sqlite("default.db".into())))? {
            Asked::Seed(request) => Ok(request),
            Asked::Help => panic!("help was not asked for"),
        }
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let request = asked("--sessions 1_000_000").unwrap();
        let expected = Request {
            sessions: 1_000_000,
            persons: 50_000,
            months: 12,
            seed: 1,
            database: Target::Sqlite("default.db".into()),
            adds: false,
        };
        assert_eq!(request, expected);
        assert_eq!(asked("--sessions 3").unwrap().persons, 1);
    }

    #[test]
    fn everything_can_be_said() {
        let request = asked(
            "--add --months 3 --seed=7 --database sqlite://a.db --persons 10 --sessions=2000",
        )
        .unwrap();
        let expected = Request {
            sessions: 2_000,
            persons: 10,
            months: 3,
            seed: 7,
            database: Target::Sqlite("a.db".into()),
            adds: true,
        };
        assert_eq!(request, expected);
    }

    #[test]
    fn what_makes_no_sense_is_a_usage_error() {
        for wrong in [
            "",
            "--sessions",
            "--sessions 0",
            "--sessions many",
            "--sessions 100000001",
            "--sessions 10 --persons 11",
            "--sessions 10 --persons 0",
            "--sessions 10 --months 14",
            "--sessions 10 --seed 2147483647",
            "--sessions 10 --database mysql://localhost/a",
            "--sessions 10 --add=yes",
            "--sessions 10 20",
        ] {
            assert_eq!(asked(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn help_names_the_password_of_the_mix() {
        let asked = read(&["--help".to_owned()], || panic!("nothing is opened"));
        assert!(matches!(asked, Ok(Asked::Help)));
        let password = "seeded persons sign in with this";
        assert!(HELP.contains(&format!("\n  {password}\n")));
        assert!(super::super::scripts::MIX.contains(&format!("\"{password}\"")));
    }
}
