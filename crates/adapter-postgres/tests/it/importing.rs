//! Rows of another store, taken in with either kind of login.

use kogents_adapter_postgres::{ImportError, OpenError, PgImport, PgStore};
use kogents_domain::moving::{Cell, Column, Kind, TABLES, Table};
use uuid::Uuid;

use crate::server::{TestDatabase, connect, patient};

/// What stands for an export.
const EXPORT: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The id of everything: of November 2024.
const ID: Uuid = Uuid::from_u128(0x0192_f3c0_1111_7abc_8def_0123_4567_89ab);
const MOMENT: i64 = 0x0192_f3c0_1111;

/// A row of a table, as its constraints want it.
fn row(table: &Table) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let cell = |column: &Column| match (table.name, column.name) {
        ("memberships", "status") => text("ACTIVE"),
        ("outbox", "state") => text("sent"),
        ("outbox", "finished_at") => Cell::Integer(7),
        (_, "latitude" | "longitude") => Cell::Real(0.1 + 0.2),
        _ if column.is_optional => Cell::Null,
        _ => match column.kind {
            Kind::Flag => Cell::Flag(true),
            Kind::Integer => Cell::Integer(1),
            Kind::Real => Cell::Real(-0.5),
            Kind::Text => text("{\"é\": 1}"),
            Kind::Id => Cell::Id(ID),
            Kind::Bytes => Cell::Bytes(vec![0xa7; 32]),
            Kind::Integers => Cell::Integers(vec![3, -2]),
        },
    };
    table.columns.iter().map(cell).collect()
}

fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap()
}

/// Begins an import, whose partitions are made.
async fn begun(database: &TestDatabase) -> PgImport {
    let options = patient();
    let import = PgImport::open(database.url(), &options, EXPORT);
    let import = import.await.unwrap();
    assert!(!import.is_resumed());
    import.begin(&[MOMENT]).await.unwrap();
    import
}

async fn take(import: &PgImport, table: &'static Table) -> Result<u64, ImportError> {
    let mut writing = import.table(table, 1).await?.unwrap();
    writing.take(row(table)).await?;
    writing.commit().await
}

/// Takes a row of each table, and gives it back.
async fn prove(database: &TestDatabase) {
    let import = begun(database).await;
    for table in TABLES {
        assert_eq!(take(&import, table).await.unwrap(), 1, "{}", table.name);
        assert!(import.table(table, 1).await.unwrap().is_none());
        let other = import.table(table, 2).await.map(|_| ()).unwrap_err();
        assert!(
            matches!(other, ImportError::TableOccupied { found: 1, .. }),
            "{other}"
        );
    }
    let refused = PgStore::connect(database.url(), patient()).await;
    assert!(matches!(refused, Err(OpenError::ImportUnfinished)));

    import.begin_reading().await.unwrap();
    for table in TABLES {
        let mut rows = Vec::new();
        let read = import.read::<ImportError>(table, |row| {
            rows.push(row.to_vec());
            Ok(())
        });
        read.await.unwrap();
        assert!(rows == [row(table)], "{}: {rows:?}", table.name);
    }
    import.finish().await.unwrap();
    drop(database.open().await);
    let strays = connect(database.url()).await;
    let strays = strays.query_one("SELECT kogents_default_partition_rows()", &[]);
    assert_eq!(strays.await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_superuser_takes_rows_of_every_table() {
    if let Some(database) = TestDatabase::empty().await {
        prove(&database).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ordinary_owner_takes_rows_of_every_table() {
    if let Some(database) = TestDatabase::of_ordinary_owner().await {
        prove(&database).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_refers_to_nothing_leaves_its_table_empty() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let import = begun(&database).await;
    let refused = take(&import, table("memberships")).await.unwrap_err();
    let ImportError::Failed { table, reason } = &refused else {
        panic!("{refused}");
    };
    assert_eq!(*table, "memberships");
    assert!(
        reason.contains("violates foreign key constraint"),
        "{reason}"
    );
    assert!(!reason.contains("0192f3c0"), "no value is told: {reason}");
    let client = connect(database.url()).await;
    let left = client.query_one("SELECT count(*) FROM memberships", &[]);
    assert_eq!(left.await.unwrap().get::<_, i64>(0), 0);
}
