//! The export is read once before anything is written: whether it is whole, and which months its
//! sessions are of.

use std::collections::BTreeMap;

use kogents_domain::moving::{Cell, Table};

use crate::failure::Failure;
use crate::moving::folder::ExportFolder;
use crate::moving::manifest::Manifest;
use crate::moving::progress::Progress;
use crate::moving::reading::TableReader;
use crate::moving::sum::Sum;

/// Tables that are partitioned by the month of their rows' ids.
const BY_MONTH: [&str; 3] = ["sessions", "session_facts", "session_activity"];
/// What is gathered of ids is a moment for each day, and no more than so many.
const DAYS: usize = 10_000;
const DAY_MILLIS: i64 = 24 * 3_600 * 1_000;

/// Moments of ids, in milliseconds: one for each day on which there are any.
#[derive(Debug, Default)]
struct Days(BTreeMap<i64, i64>);

/// Reads every row of every table. Gives moments of all days that sessions were opened on.
pub(super) fn check(
    folder: &ExportFolder,
    manifest: &Manifest,
    progress: &mut Progress,
) -> Result<Vec<i64>, Failure> {
    let mut days = Days::default();
    for (table, expected) in manifest.tables() {
        progress.begin(format!("check {}", table.name), expected.rows);
        let found = read(folder, table, &mut days, progress)?;
        progress.end();
        if found != expected {
            return Err(Failure::Command(format!(
                "the file of the table {} is damaged: {}. Take the export again, or copy it again",
                table.name,
                difference(&found, &expected)
            )));
        }
    }
    Ok(days.0.into_values().collect())
}

fn read(
    folder: &ExportFolder,
    table: &'static Table,
    days: &mut Days,
    progress: &mut Progress,
) -> Result<Sum, Failure> {
    let is_by_month = BY_MONTH.contains(&table.name);
    let mut reader = TableReader::open(folder, table)?;
    while let Some(row) = reader.next()? {
        progress.row();
        if let (true, Some(Cell::Id(id))) = (is_by_month, row.first()) {
            days.add(id.as_u128());
        }
    }
    Ok(reader.finish())
}

/// What differs, as one says it.
pub(super) fn difference(found: &Sum, expected: &Sum) -> String {
    if found.rows == expected.rows {
        "its SHA-256 is not the one in the manifest".to_owned()
    } else {
        format!("it has {} rows of {}", found.rows, expected.rows)
    }
}

impl Days {
    /// Adds the day of an id of version 7: its first 48 bits are milliseconds.
    fn add(&mut self, id: u128) {
        let millis = i64::try_from(id >> 80).unwrap_or(i64::MAX);
        if self.0.len() < DAYS {
            self.0.entry(millis / DAY_MILLIS).or_insert(millis);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_of_a_day_is_kept() {
        let mut days = Days::default();
        for millis in [5, 3, DAY_MILLIS, DAY_MILLIS - 1] {
            let millis = u128::try_from(millis).unwrap();
            days.add((millis << 80) | 0xffff);
        }
        let kept: Vec<i64> = days.0.into_values().collect();
        assert_eq!(kept, [5, DAY_MILLIS]);
    }
}
