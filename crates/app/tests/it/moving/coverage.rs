//! No table and no column is forgotten: what the move knows against what each store has.

use std::collections::BTreeMap;

use kogents_domain::moving::{Kind, NOT_MOVED, TABLES};

const SQLITE: &str = include_str!("../../../../adapter-sqlite/src/schema.rs");
const POSTGRES: &str = include_str!("../../../../adapter-postgres/src/schema.rs");

/// Tables: the key, and each column's type.
type Tables = BTreeMap<String, (Vec<String>, BTreeMap<String, String>)>;

/// Reads the `table!` blocks: `name (key, …) {`, then `column -> Type,`.
fn described(schema: &str) -> Tables {
    let mut tables = Tables::new();
    for block in schema.split("diesel::table! {").skip(1) {
        let (head, rest) = block.split_once('{').unwrap();
        let (body, _) = rest.split_once('}').unwrap();
        let (name, key) = head.trim().trim_end_matches(')').split_once('(').unwrap();
        let key = key.split(',').map(|name| name.trim().to_owned()).collect();
        let lines = body
            .lines()
            .filter_map(|line| line.trim().strip_suffix(','));
        let columns = lines.map(|line| {
            let (column, kind) = line.split_once(" -> ").unwrap();
            (column.to_owned(), kind.to_owned())
        });
        tables.insert(name.trim().to_owned(), (key, columns.collect()));
    }
    tables
}

/// What the move knows, in a store's words.
fn moved(kind: fn(Kind) -> &'static str) -> Tables {
    let owned = |name: &&str| (*name).to_owned();
    let table = |table: &kogents_domain::moving::Table| {
        let columns = table.columns.iter().map(|column| {
            let kind = kind(column.kind).to_owned();
            let kind = if column.is_optional {
                format!("Nullable<{kind}>")
            } else {
                kind
            };
            (column.name.to_owned(), kind)
        });
        let key = table.key.iter().map(owned).collect();
        (table.name.to_owned(), (key, columns.collect()))
    };
    TABLES.iter().map(table).collect()
}

fn check(schema: &str, kind: fn(Kind) -> &'static str) {
    let mut described = described(schema);
    for (name, _) in NOT_MOVED {
        assert!(
            described.remove(*name).is_some(),
            "there is no table {name}"
        );
    }
    let moved = moved(kind);
    for (name, table) in &described {
        assert_eq!(
            moved.get(name),
            Some(table),
            "{name}: domain/src/moving/tables.rs does not have it so"
        );
    }
    assert_eq!(moved.len(), described.len());
}

#[test]
fn every_table_and_column_of_sqlite_is_moved() {
    check(SQLITE, |kind| match kind {
        Kind::Flag => "Bool",
        Kind::Integer => "BigInt",
        Kind::Real => "Double",
        Kind::Text | Kind::Integers => "Text",
        Kind::Id | Kind::Bytes => "Binary",
    });
}

#[test]
fn every_table_and_column_of_postgres_is_moved() {
    check(POSTGRES, |kind| match kind {
        Kind::Flag => "Bool",
        Kind::Integer => "BigInt",
        Kind::Real => "Double",
        Kind::Text => "Text",
        Kind::Id => "Uuid",
        Kind::Bytes => "Binary",
        Kind::Integers => "Array<BigInt>",
    });
}
