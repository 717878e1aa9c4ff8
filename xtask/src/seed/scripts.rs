//! What is run in a database, in this order: `prepare`, the mix, the run's own row, `start`; then,
//! after the row says which batch, the numbers and `persons` for each of theirs, and the numbers and
//! `sessions` for each of theirs.

/// What everything is mixed from, for either store.
pub(super) const MIX: &str = include_str!("mix.sql");

/// Makes the numbers of a batch, in either store.
pub(super) const NUMBERS: &str = include_str!("numbers.sql");

/// The scripts of one store.
#[derive(Debug)]
pub(super) struct Scripts {
    /// Makes the tables that a batch passes through.
    pub(super) prepare: &'static str,
    /// Makes what a run begins with.
    pub(super) start: &'static str,
    /// Makes a batch of persons.
    pub(super) persons: &'static str,
    /// Makes a batch of sessions.
    pub(super) sessions: &'static str,
}

/// Those of PostgreSQL.
pub(super) const POSTGRES: Scripts = Scripts {
    prepare: include_str!("postgres/prepare.sql"),
    start: include_str!("postgres/start.sql"),
    persons: include_str!("postgres/persons.sql"),
    sessions: include_str!("postgres/sessions.sql"),
};

/// Those of SQLite.
pub(super) const SQLITE: Scripts = Scripts {
    prepare: include_str!("sqlite/prepare.sql"),
    start: include_str!("sqlite/start.sql"),
    persons: include_str!("sqlite/persons.sql"),
    sessions: include_str!("sqlite/sessions.sql"),
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The second number of each row of a table of the mix.
    fn weights(table: &str) -> Vec<u32> {
        let begin = format!("INSERT INTO {table} VALUES");
        let (_, rows) = MIX.split_once(&begin).unwrap();
        let (rows, _) = rows.split_once(");\n").unwrap();
        let rows = rows.split('(').skip(1);
        rows.filter_map(|row| row.split(',').nth(1)?.trim().parse().ok())
            .collect()
    }

    #[test]
    fn the_weights_of_each_mix_are_a_thousand_together() {
        for table in ["seed_place", "seed_client", "seed_arrival", "seed_reason"] {
            let weights = weights(table);
            assert!(weights.len() > 10, "{table}");
            assert_eq!(weights.iter().sum::<u32>(), 1_000, "{table}");
        }
    }

    #[test]
    fn both_stores_get_the_same_columns() {
        let columns = |scripts: &Scripts, table: &str| {
            let begin = format!("INSERT INTO {table} (");
            let (_, list) = scripts.sessions.split_once(&begin).unwrap();
            let (list, _) = list.split_once(')').unwrap();
            list.split_whitespace().collect::<String>()
        };
        for table in ["session_facts", "session_activity", "user_devices"] {
            let (one, other) = (columns(&POSTGRES, table), columns(&SQLITE, table));
            assert_eq!(one, other, "{table}");
        }
    }

    #[test]
    fn a_batch_is_one_transaction_of_who_runs_it() {
        for scripts in [POSTGRES, SQLITE] {
            let Scripts {
                prepare,
                start,
                persons,
                sessions,
            } = scripts;
            for script in [MIX, NUMBERS, prepare, start, persons, sessions] {
                assert!(script.trim_end().ends_with(';'));
                for word in ["BEGIN", "COMMIT", "ROLLBACK"] {
                    assert!(!script.contains(word), "{word}");
                }
            }
        }
    }
}
