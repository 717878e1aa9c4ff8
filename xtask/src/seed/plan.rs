//! What a request comes to: from when to when, and in which batches.

use super::request::Request;

/// How many rows a batch has; between two of them a run may stop.
const BATCH: u64 = 20_000;

const HOUR_MILLIS: u64 = 3_600_000;
const MONTH_MILLIS: u64 = 30 * 24 * HOUR_MILLIS;

/// A run.
#[derive(Debug)]
pub(super) struct Plan<'r> {
    request: &'r Request,
    end_millis: u64,
}

/// What a batch is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// Persons, with their workspaces.
    Persons,
    /// Sessions, with their facts, counters and devices.
    Sessions,
}

/// Numbers of rows, from 1 on, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Batch {
    first: u64,
    last: u64,
}

impl<'r> Plan<'r> {
    /// The run that is asked for at a moment, in milliseconds since 1970. It ends with the last
    /// full hour, so that a second run of the same hour makes the same rows.
    pub(super) fn new(request: &'r Request, now_millis: u64) -> Self {
        Self {
            request,
            end_millis: now_millis - now_millis % HOUR_MILLIS,
        }
    }

    /// The statement that tells a database of the run.
    pub(super) fn tell(&self) -> String {
        let Request {
            seed,
            persons,
            sessions,
            months,
            ..
        } = self.request;
        let end = self.end_millis;
        let begin = end.saturating_sub(months * MONTH_MILLIS);
        format!(
            "INSERT INTO seed_run (seed, persons, sessions, begin_ms, end_ms, persons_before, \
             first_number, last_number, salt) VALUES ({seed}, {persons}, {sessions}, {begin}, \
             {end}, 0, 0, 0, 0);"
        )
    }
}

/// The batches of so many rows.
pub(super) fn batches(rows: u64) -> impl Iterator<Item = Batch> {
    (0..rows.div_ceil(BATCH)).map(move |index| Batch {
        first: index * BATCH + 1,
        last: rows.min((index + 1) * BATCH),
    })
}

impl Batch {
    /// How many rows there are with this batch.
    pub(super) const fn done(self) -> u64 {
        self.last
    }

    /// The statement that tells a database of the batch.
    pub(super) fn tell(self, rows: Rows) -> String {
        let Self { first, last } = self;
        let salt = match rows {
            Rows::Persons => 17,
            Rows::Sessions => 29,
        };
        format!("UPDATE seed_run SET first_number = {first}, last_number = {last}, salt = {salt};")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::target::Target;

    #[test]
    fn batches_hold_every_row_once() {
        let all: Vec<Batch> = batches(45_000).collect();
        let expected = [(1, 20_000), (20_001, 40_000), (40_001, 45_000)];
        assert_eq!(
            all,
            expected.map(|(first, last)| Batch { first, last }).to_vec()
        );
        assert_eq!(
            all[1].tell(Rows::Persons),
            "UPDATE seed_run SET first_number = 20001, last_number = 40000, salt = 17;"
        );
        assert_eq!(
            all[2].tell(Rows::Sessions),
            "UPDATE seed_run SET first_number = 40001, last_number = 45000, salt = 29;"
        );
        let one: Vec<u64> = batches(20_000).map(Batch::done).collect();
        assert_eq!(one, [20_000]);
        assert_eq!(batches(1).map(Batch::done).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_run_ends_with_the_last_full_hour_and_begins_months_before() {
        let request = Request {
            sessions: 2_000,
            persons: 100,
            months: 2,
            seed: 7,
            database: Target::Sqlite("a.db".into()),
            adds: false,
        };
        let told = Plan::new(&request, 1_795_644_123_456).tell();
        let begin = 1_795_644_000_000_u64 - 60 * 24 * HOUR_MILLIS;
        let values = format!("VALUES (7, 100, 2000, {begin}, 1795644000000, 0, 0, 0, 0)");
        assert!(told.contains(&values), "{told}");
        assert_eq!(told, Plan::new(&request, 1_795_644_999_999).tell());
    }
}
