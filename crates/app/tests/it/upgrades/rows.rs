//! The rows of a database: read whole, written into another, compared.

use std::collections::BTreeSet;

use super::release::{Release, Row};
use crate::support::Sql;

/// Stands between the values of a line; no value has it.
const SEPARATOR: char = '\u{1f}';

/// What changes by itself, or is the migrations' own.
const LEFT_OUT: [&str; 2] = ["leases", "__diesel_schema_migrations"];

/// Every row of every table.
pub(super) async fn read(sql: Sql<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for table in sql.tables().await {
        if LEFT_OUT.contains(&table.as_str()) {
            continue;
        }
        let columns = columns(sql, &table).await;
        rows.extend(read_columns(sql, &table, &columns).await);
    }
    rows
}

async fn read_columns(sql: Sql<'_>, table: &str, columns: &[String]) -> Vec<Row> {
    let literal = |column: &String| match sql.is_embedded() {
        true => format!("quote(\"{column}\")"),
        false => format!("quote_nullable(\"{column}\"::text)"),
    };
    let literals: Vec<String> = columns.iter().map(literal).collect();
    let line = literals.join(&format!(" || '{SEPARATOR}' || "));
    let query = format!("SELECT {line} AS line FROM \"{table}\" ORDER BY line");
    let row = |line: String| Row {
        table: table.to_owned(),
        values: columns
            .iter()
            .cloned()
            .zip(line.split(SEPARATOR).map(str::to_owned))
            .collect(),
    };
    sql.lines(&query).await.into_iter().map(row).collect()
}

/// The columns of a table that can be written, in order; none where there is no such table.
async fn columns(sql: Sql<'_>, table: &str) -> Vec<String> {
    let query = match sql.is_embedded() {
        true => format!("SELECT name AS line FROM pragma_table_info('{table}')"),
        false => format!(
            "SELECT column_name::text AS line FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' \
             AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
    };
    sql.lines(&query).await
}

/// Puts the rows of a release into a database that has perhaps fewer tables and columns; gives
/// what was written.
pub(super) async fn write(sql: Sql<'_>, release: &Release) -> Vec<Row> {
    if !sql.is_embedded() {
        make_partitions(sql, release).await;
    }
    let mut statements = Vec::new();
    let mut written = Vec::new();
    let mut known: (String, Vec<String>) = (String::new(), Vec::new());
    for row in &release.rows {
        if known.0 != row.table {
            known = (row.table.clone(), columns(sql, &row.table).await);
        }
        let mut row = row.clone();
        row.values.retain(|column, _| known.1.contains(column));
        if row.values.is_empty() {
            continue;
        }
        let columns: Vec<String> = row
            .values
            .keys()
            .map(|name| format!("\"{name}\""))
            .collect();
        let values: Vec<&str> = row.values.values().map(String::as_str).collect();
        statements.push(format!(
            "INSERT INTO \"{}\" ({}) VALUES ({});",
            row.table,
            columns.join(", "),
            values.join(", ")
        ));
        written.push(row);
    }
    // In whatever order the tables come, and past what they do to rows that are new.
    let (before, after) = match sql.is_embedded() {
        true => ("PRAGMA foreign_keys = OFF; BEGIN;", "COMMIT;"),
        false => (
            "BEGIN; SET LOCAL session_replication_role = replica;",
            "COMMIT;",
        ),
    };
    let statements = format!("{before} {} {after}", statements.join("\n"));
    sql.run(&statements).await.unwrap();
    if sql.is_embedded() {
        let orphans = "SELECT \"table\" AS line FROM pragma_foreign_key_check";
        assert_eq!(sql.lines(orphans).await, Vec::<String>::new());
    }
    written
}

/// The months of a release are past by now, and the first migration makes those from the present
/// one on.
async fn make_partitions(sql: Sql<'_>, release: &Release) {
    let sessions = release.rows.iter().filter(|row| row.table == "sessions");
    let months: BTreeSet<String> = sessions
        .map(|row| row.values["id"].trim_matches('\'').replace('-', ""))
        .map(|id| u64::from_str_radix(&id[..12], 16).unwrap() / 1_000)
        .map(|secs| format!("(to_timestamp({secs}) AT TIME ZONE 'UTC')::date"))
        .collect();
    assert!(!months.is_empty(), "a release has sessions");
    for month in months {
        let make = format!("SELECT kogents_make_session_partitions({month}, 1)");
        sql.run(&make).await.unwrap();
    }
}

/// Each of these rows is there still, with the same values; there may be more of them and more in
/// them.
pub(super) async fn assert_there(sql: Sql<'_>, rows: &[Row]) {
    let mut tables: Vec<&String> = rows.iter().map(|row| &row.table).collect();
    tables.dedup();
    for table in tables {
        let expected: Vec<&Row> = rows.iter().filter(|row| row.table == *table).collect();
        let columns: Vec<String> = expected[0].values.keys().cloned().collect();
        let found = read_columns(sql, table, &columns).await;
        for row in &expected {
            assert!(found.contains(row), "{row:?} is not among {found:?}");
        }
        assert_eq!(found.len(), expected.len(), "rows of {table}");
    }
}
