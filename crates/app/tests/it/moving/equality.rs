//! Whether two databases hold the same, asked of each in its own words.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;
use kogents_domain::moving::NOT_MOVED;

use crate::support::connect;

/// The rows of every table, each as a line with all of its columns.
pub(super) type Rows = BTreeMap<String, Vec<String>>;

/// Tables and their columns by type.
type Tables = BTreeMap<String, Vec<(String, String)>>;

const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
        AND NOT c.relispartition AND c.relname <> '__diesel_schema_migrations' \
    ORDER BY c.relname, a.attname";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table that is moved, of both: (SQLite, PostgreSQL).
pub(super) async fn all_rows(file: &Path, url: &str) -> (Rows, Rows) {
    let client = connect(url).await;
    let mut tables = Tables::new();
    for row in client.query(COLUMNS, &[]).await.unwrap() {
        let table: String = row.get(0);
        if NOT_MOVED.iter().any(|(name, _)| *name == table) {
            continue;
        }
        let columns = tables.entry(table).or_default();
        columns.push((row.get(1), row.get(2)));
    }
    assert!(tables.len() >= 15, "{:?}", tables.keys());
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let (mut here, mut there) = (Rows::new(), Rows::new());
    for (table, columns) in tables {
        let query = |value: fn(&str, &str) -> String| {
            let values: Vec<String> = columns
                .iter()
                .map(|(name, kind)| {
                    let name = format!("\"{name}\"");
                    let value = value(&name, kind);
                    format!("CASE WHEN {name} IS NULL THEN '-' ELSE {value} END")
                })
                .collect();
            format!(
                "SELECT {} AS line FROM \"{table}\"",
                values.join(" || '|' || ")
            )
        };
        let found: Vec<Line> = diesel::sql_query(query(in_sqlite)).load(&mut conn).unwrap();
        let mut lines: Vec<String> = found.into_iter().map(|row| row.line).collect();
        lines.sort_unstable();
        here.insert(table.clone(), lines);
        let found = client.query(&query(in_postgres), &[]).await.unwrap();
        let mut lines: Vec<String> = found.iter().map(|row| row.get("line")).collect();
        lines.sort_unstable();
        there.insert(table, lines);
    }
    (here, there)
}

fn in_sqlite(name: &str, kind: &str) -> String {
    match kind {
        "uuid" | "bytea" => format!("lower(hex({name}))"),
        "double precision" => format!("printf('%.9f', {name})"),
        _ => format!("CAST({name} AS TEXT)"),
    }
}

fn in_postgres(name: &str, kind: &str) -> String {
    match kind {
        "uuid" => format!("replace({name}::text, '-', '')"),
        "bytea" => format!("encode({name}, 'hex')"),
        "boolean" => format!("{name}::int::text"),
        "bigint[]" => format!("array_to_json({name})::text"),
        "double precision" => format!("round({name}::numeric, 9)::text"),
        _ => format!("{name}::text"),
    }
}
