//! Fills a database, batch by batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::plan::{Batch, Plan, Rows, batches};
use super::postgres::Postgres;
use super::progress::{Progress, grouped};
use super::request::Request;
use super::sqlite::Sqlite;
use super::target::Target;
use crate::failure::{Failure, Outcome};
use crate::timing::spoken;

/// The exit code of what Ctrl-C ends.
const INTERRUPTED: u8 = 130;

/// What a database is before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The tables are missing.
    NotMigrated,
    /// There are neither persons nor sessions.
    Empty,
    /// There are some.
    Filled,
}

/// A database that can be filled.
pub(super) trait Database {
    /// What it is now.
    fn state(&mut self) -> Result<State, Failure>;

    /// Makes what a run begins with.
    fn begin(&mut self, plan: &Plan) -> Outcome;

    /// Makes a batch: all of it or nothing.
    fn add(&mut self, rows: Rows, batch: Batch) -> Outcome;

    /// Leaves the database as it would be after some time of being used.
    fn settle(&mut self) -> Outcome;
}

/// Does what is asked for and says what came of it.
pub(super) fn run(request: &Request) -> Outcome {
    let stop = watch()?;
    let mut database: Box<dyn Database> = match &request.database {
        Target::Postgres(url) => Box::new(Postgres::connect(url, &request.database)?),
        Target::Sqlite(path) => Box::new(Sqlite::open(path)?),
    };
    let name = request.database.to_string();
    judge(database.state()?, request.adds, &name)?;
    let started = Instant::now();
    database.begin(&Plan::new(request, now_millis()))?;
    eprintln!("filling {name}");
    let persons = fill(&mut *database, Rows::Persons, request.persons, &stop)?;
    let sessions = if persons == request.persons {
        fill(&mut *database, Rows::Sessions, request.sessions, &stop)?
    } else {
        0
    };
    let added = format!(
        "{} persons and {} sessions",
        grouped(persons),
        grouped(sessions)
    );
    if sessions < request.sessions {
        eprintln!("stopped: {added} were added to {name}; they are whole, `--add` adds more");
        return Err(Failure::interrupted(INTERRUPTED));
    }
    database.settle()?;
    println!("{added} added to {name} in {}", spoken(started.elapsed()));
    Ok(())
}

/// Adds rows until all are there or it is to stop; says how many there are.
fn fill(
    database: &mut dyn Database,
    rows: Rows,
    total: u64,
    stop: &AtomicBool,
) -> Result<u64, Failure> {
    let what = match rows {
        Rows::Persons => "persons",
        Rows::Sessions => "sessions",
    };
    let mut progress = Progress::new(what, total);
    let mut done = 0;
    for batch in batches(total) {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        database.add(rows, batch)?;
        done = batch.done();
        progress.at(done);
    }
    progress.end();
    Ok(done)
}

/// Whether a database may be filled.
fn judge(state: State, adds: bool, name: &str) -> Outcome {
    match state {
        State::NotMigrated => Err(Failure::new(format!(
            "{name} is not migrated: `cargo xtask db up` or a start of the server does that"
        ))),
        State::Filled if !adds => Err(Failure::new(format!(
            "{name} is not empty: `--add` adds to what is there"
        ))),
        State::Empty | State::Filled => Ok(()),
    }
}

/// A flag that Ctrl-C and its kin set; a second Ctrl-C ends this process at once.
fn watch() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    flag::register_conditional_shutdown(SIGINT, i32::from(INTERRUPTED), Arc::clone(&stop))
        .and_then(|_| flag::register(SIGINT, Arc::clone(&stop)))
        .and_then(|_| flag::register(SIGTERM, Arc::clone(&stop)))
        .map_err(|error| Failure::new(format!("signals cannot be watched: {error}")))?;
    Ok(stop)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a task is no part of the product, which takes the time from its port"
)]
fn now_millis() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remembers what was added; after so many batches it sets the flag.
    struct Told<'a> {
        batches: Vec<(Rows, u64)>,
        stop: &'a AtomicBool,
        stop_after: usize,
    }

    impl Database for Told<'_> {
        fn state(&mut self) -> Result<State, Failure> {
            Ok(State::Empty)
        }

        fn begin(&mut self, _: &Plan) -> Outcome {
            Ok(())
        }

        fn add(&mut self, rows: Rows, batch: Batch) -> Outcome {
            self.batches.push((rows, batch.done()));
            let is_over = self.batches.len() >= self.stop_after;
            self.stop.store(is_over, Ordering::SeqCst);
            Ok(())
        }

        fn settle(&mut self) -> Outcome {
            Ok(())
        }
    }

    #[test]
    fn a_signal_stops_between_batches() {
        let stop = AtomicBool::new(false);
        let mut database = Told {
            batches: Vec::new(),
            stop: &stop,
            stop_after: 2,
        };
        let done = fill(&mut database, Rows::Sessions, 100_000, &stop).unwrap();
        assert_eq!(done, 40_000);
        let expected = [(Rows::Sessions, 20_000), (Rows::Sessions, 40_000)];
        assert_eq!(database.batches, expected);
    }

    #[test]
    fn only_an_empty_database_is_filled_unless_more_is_asked_for() {
        assert!(judge(State::Empty, false, "a.db").is_ok());
        assert!(judge(State::Filled, true, "a.db").is_ok());
        let failure = judge(State::Filled, false, "a.db").unwrap_err();
        assert_eq!(
            failure.to_string(),
            "a.db is not empty: `--add` adds to what is there"
        );
        for adds in [false, true] {
            let failure = judge(State::NotMigrated, adds, "a.db").unwrap_err();
            assert!(failure.to_string().contains("is not migrated"));
        }
    }
}
