//! The tables that diesel is told of, against those that the migrations make.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tokio_postgres::Client;

use crate::server::{TestDatabase, connect};

const SCHEMA: &str = include_str!("../../src/schema.rs");

/// A table: its key's columns and every column's type, `null` in front where it may be empty.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    key: Vec<String>,
    columns: BTreeMap<String, String>,
}

type Tables = BTreeMap<String, Table>;

/// Reads the `table!` blocks: `name (key, …) {`, then `column -> Type,`.
fn described() -> Tables {
    let mut tables = Tables::new();
    for block in SCHEMA.split("diesel::table! {").skip(1) {
        let (head, rest) = block.split_once('{').unwrap();
        let (body, _) = rest.split_once('}').unwrap();
        let (name, key) = head.trim().trim_end_matches(')').split_once('(').unwrap();
        let columns = body
            .split(",\n")
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| {
                let (column, kind) = line.split_once("->").unwrap();
                (column.trim().to_owned(), server_type(kind.trim()))
            })
            .collect();
        let key = key
            .trim_end_matches([')', ' '])
            .split(',')
            .map(|column| column.trim().to_owned())
            .collect();
        let known = tables.insert(name.trim().to_owned(), Table { key, columns });
        assert_eq!(known, None, "{name} is described twice");
    }
    tables
}

/// A type of diesel's as the server spells it.
fn server_type(kind: &str) -> String {
    if let Some(inner) = between(kind, "Nullable<") {
        return format!("null {}", server_type(inner));
    }
    if let Some(inner) = between(kind, "Array<") {
        return format!("{}[]", server_type(inner));
    }
    match kind {
        "Uuid" => "uuid",
        "Text" => "text",
        "Bool" => "boolean",
        "BigInt" => "bigint",
        "Integer" => "integer",
        "Double" => "double precision",
        "Binary" => "bytea",
        other => panic!("schema.rs has a type that this test does not know: {other}"),
    }
    .to_owned()
}

fn between<'a>(kind: &'a str, start: &str) -> Option<&'a str> {
    kind.strip_prefix(start)?.strip_suffix('>')
}

/// Reads the tables from the server: all but partitions and the list of migrations.
async fn existing(client: &Client) -> Tables {
    let query = "SELECT c.relname::text, a.attname::text, \
            CASE WHEN a.attnotnull THEN '' ELSE 'null ' END || format_type(a.atttypid, a.atttypmod), \
            array_position(k.conkey::int2[], a.attnum) \
        FROM pg_class c \
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' \
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
        LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p' \
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition \
            AND c.relname <> '__diesel_schema_migrations' \
        ORDER BY c.relname, array_position(k.conkey::int2[], a.attnum)";
    let mut tables = Tables::new();
    for row in client.query(query, &[]).await.unwrap() {
        let table = tables.entry(row.get(0)).or_default();
        let column: String = row.get(1);
        if row.get::<_, Option<i32>>(3).is_some() {
            table.key.push(column.clone());
        }
        table.columns.insert(column, row.get(2));
    }
    tables
}

/// What differs, a line each; nothing when nothing does.
fn differences(described: &Tables, existing: &Tables) -> String {
    let mut lines = String::new();
    let nothing = Table::default();
    let names: std::collections::BTreeSet<_> = described.keys().chain(existing.keys()).collect();
    for name in names {
        match (described.get(name), existing.get(name)) {
            (None, Some(_)) => writeln!(lines, "{name}: schema.rs does not have it").unwrap(),
            (Some(_), None) => writeln!(lines, "{name}: the database does not have it").unwrap(),
            (Some(_), Some(_)) | (None, None) => {}
        }
        let said = described.get(name).unwrap_or(&nothing);
        let there = existing.get(name).unwrap_or(&nothing);
        if said.key != there.key {
            let (said, there) = (said.key.join(", "), there.key.join(", "));
            writeln!(
                lines,
                "{name}: key ({said}) in schema.rs, ({there}) in the database"
            )
            .unwrap();
        }
        let columns: std::collections::BTreeSet<_> =
            said.columns.keys().chain(there.columns.keys()).collect();
        for column in columns {
            let said = said.columns.get(column).map_or("absent", String::as_str);
            let there = there.columns.get(column).map_or("absent", String::as_str);
            if said != there {
                writeln!(
                    lines,
                    "{name}.{column}: {said} in schema.rs, {there} in the database"
                )
                .unwrap();
            }
        }
    }
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schema_rs_says_what_the_database_has() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    let differences = differences(&described(), &existing(&client).await);
    assert!(
        differences.is_empty(),
        "schema.rs and the migrations differ:\n{differences}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_difference_is_told() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    client
        .batch_execute(
            "ALTER TABLE users ALTER COLUMN phone SET NOT NULL; \
             ALTER TABLE users ALTER COLUMN updated_at TYPE INTEGER; \
             ALTER TABLE users ADD COLUMN shoe_size BIGINT; \
             ALTER TABLE outbox DROP COLUMN last_error; \
             ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_pkey; \
             CREATE TABLE novelties (id UUID PRIMARY KEY); \
             DROP TABLE session_facts CASCADE; DROP TABLE audit",
        )
        .await
        .unwrap();
    let told = differences(&described(), &existing(&client).await);
    for line in [
        "users.phone: null text in schema.rs, text in the database",
        "users.updated_at: bigint in schema.rs, integer in the database",
        "users.shoe_size: absent in schema.rs, null bigint in the database",
        "outbox.last_error: null text in schema.rs, absent in the database",
        "api_tokens: key (id) in schema.rs, () in the database",
        "novelties: schema.rs does not have it",
        "session_facts: the database does not have it",
        "audit: the database does not have it",
    ] {
        assert!(
            told.lines().any(|found| found == line),
            "{line}\nis not in\n{told}"
        );
    }
}
