//! What an export gives of a database.

use kogents_domain::moving::TABLES;

use super::*;
use crate::SqliteStore;

/// Makes a database and runs statements in it.
fn database(statements: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.db");
    drop(SqliteStore::open(&path).unwrap());
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute(statements).unwrap();
    (folder, path)
}

fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap()
}

fn rows(export: &mut SqliteExport, name: &str) -> Result<Vec<Vec<Cell>>, ExportError> {
    let mut rows = Vec::new();
    export.read::<ExportError>(table(name), |row| {
        rows.push(row.to_vec());
        Ok(())
    })?;
    Ok(rows)
}

fn workspace(id: &str, slug: &str) -> String {
    format!("INSERT INTO workspaces VALUES (x'{id}', 'Engines', '{slug}', '{{}}', NULL, 1, 2);")
}

#[test]
fn rows_come_by_key_with_their_values_and_from_one_moment() {
    let [first, second, late] = ["01", "ff", "77"].map(|byte| byte.repeat(16));
    let planted = format!("{}{}", workspace(&second, "b"), workspace(&first, "a"));
    let (_folder, path) = database(&planted);
    let mut export = SqliteExport::begin(&path).unwrap();
    let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    other.batch_execute(&workspace(&late, "c")).unwrap();

    assert_eq!(export.count(table("workspaces")).unwrap(), 2);
    let found = rows(&mut export, "workspaces").unwrap();
    assert_eq!(found.len(), 2);
    let expected = [
        Cell::Id(uuid::Uuid::from_bytes([1; 16])),
        Cell::Text("Engines".to_owned()),
        Cell::Text("a".to_owned()),
        Cell::Text("{}".to_owned()),
        Cell::Null,
        Cell::Integer(1),
        Cell::Integer(2),
    ];
    assert!(found[0] == expected, "{:?}", found[0]);
    for table in TABLES {
        export.read::<ExportError>(table, |_| Ok(())).unwrap();
    }
}

#[test]
fn what_does_not_belong_in_a_column_is_told_by_its_name() {
    // Nothing holds the elements of a list to be numbers.
    let id = "01".repeat(16);
    let digest = "02".repeat(32);
    let planted = format!(
        "INSERT INTO sessions VALUES (x'{id}', x'{id}', NULL, 'web', 1, 2, 3, NULL, NULL, 0, \
         x'{digest}', 1, '[\"x\"]', 0)"
    );
    let (_folder, path) = database(&planted);
    let mut export = SqliteExport::begin(&path).unwrap();
    let told = rows(&mut export, "sessions").unwrap_err().to_string();
    assert!(
        told.contains("sessions has something in refresh_spent"),
        "{told}"
    );
}

#[test]
fn a_database_that_is_behind_is_not_read() {
    let forget = "DELETE FROM __diesel_schema_migrations WHERE version = '0005'";
    let (_folder, path) = database(forget);
    let told = SqliteExport::begin(&path).unwrap_err();
    assert!(matches!(told, ExportError::Behind { pending: 1 }), "{told}");
}

#[test]
fn nothing_can_be_written_through_it() {
    let (_folder, path) = database("");
    let mut export = SqliteExport::begin(&path).unwrap();
    assert!(export.conn.batch_execute("DELETE FROM users").is_err());
}
