//! Cases of what a store says of itself.

use std::sync::Arc;

use kogents_domain::moving::{NOT_MOVED, TABLES};
use kogents_domain::store::Scope;

use super::InspectedStore;
use crate::builders::a_user;

/// `PostgreSQL 17.2`.
pub async fn it_names_its_product_and_its_version(subject: Arc<InspectedStore>) {
    let description = subject.inspector.describe().await.unwrap();
    let (product, version) = description.version.split_once(' ').unwrap();
    assert!(["PostgreSQL", "SQLite"].contains(&product), "{product}");
    let is_version = |text: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
            && text.starts_with(|c: char| c.is_ascii_digit())
    };
    assert!(is_version(version), "{version}");
}

/// Nothing is pending.
pub async fn a_migrated_store_lacks_no_migration(subject: Arc<InspectedStore>) {
    let migrations = subject.inspector.describe().await.unwrap().migrations;
    assert!(migrations.applied >= 5, "{migrations:?}");
    assert_eq!(migrations.pending, 0);
}

/// If it has one.
pub async fn a_clock_of_its_own_goes_on(subject: Arc<InspectedStore>) {
    let first = subject.inspector.describe().await.unwrap().now;
    let second = subject.inspector.describe().await.unwrap().now;
    assert_eq!(first.is_some(), second.is_some());
    if let (Some(first), Some(second)) = (first, second) {
        assert!(first <= second, "{first:?} {second:?}");
        // Later than when this was written: it is a clock, and in milliseconds.
        assert!(first.as_millis() > 1_750_000_000_000, "{first:?}");
    }
}

/// Its size is told, and what it counts is plausible.
pub async fn it_grows_with_what_it_holds(subject: Arc<InspectedStore>) {
    let empty = subject.inspector.storage().await.unwrap();
    assert!(empty.size_bytes > 100_000, "{empty:?}");
    let mut unit = subject.store.begin(Scope::System).await.unwrap();
    for _ in 0..300 {
        let user = a_user().name(&"x".repeat(100)).build();
        unit.users().insert(&user).await.unwrap();
    }
    unit.commit().await.unwrap();
    let full = subject.inspector.storage().await.unwrap();
    assert!(full.size_bytes > empty.size_bytes, "{empty:?} {full:?}");
    if let Some(ratio) = full.cache_hit_ratio {
        assert!((0.0..=1.0).contains(&ratio), "{ratio}");
    }
    assert_eq!(full.deadlocks.unwrap_or_default(), 0);
}

/// The tables are the product's, and the same whatever the store.
pub async fn it_lists_every_table_once_and_partitions_not_at_all(subject: Arc<InspectedStore>) {
    let rows = subject.inspector.table_rows().await.unwrap();
    let mut tables: Vec<&str> = rows.iter().map(|table| table.table.as_str()).collect();
    tables.sort_unstable();
    let moved = TABLES.iter().map(|table| table.name);
    let left = NOT_MOVED.iter().map(|(table, _)| *table);
    let mut expected: Vec<&str> = moved.chain(left).collect();
    expected.sort_unstable();
    assert_eq!(tables, expected);
    assert!(rows.iter().all(|table| table.rows == 0), "{rows:?}");
}
