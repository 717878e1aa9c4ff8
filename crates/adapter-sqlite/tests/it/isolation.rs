//! Units of work among each other.

use std::time::Duration;

use kogents_adapter_sqlite::{SqliteOptions, SqliteStore};
use kogents_domain::health::{CheckStatus, Probe as _};
use kogents_domain::store::{Constraint, Scope, Store, StoreError};

use crate::samples::{add, has, id, workspace};

#[tokio::test]
async fn a_dropped_unit_of_work_rolls_back_and_frees_the_writer() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.begin(Scope::System).await.unwrap();
    work.workspaces().insert(&workspace(1)).await.unwrap();
    drop(work);
    // The writer is free again, and the row is not there: it can be added.
    add(&store, 1).await.unwrap();
    assert!(has(&store, 1).await);
}

#[tokio::test]
async fn readers_do_not_see_uncommitted_rows_and_do_not_wait_for_the_writer() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.begin(Scope::System).await.unwrap();
    work.workspaces().insert(&workspace(1)).await.unwrap();
    assert!(!has(&store, 1).await);
    assert!(work.workspaces().find(id(1)).await.unwrap().is_some());
    work.commit().await.unwrap();
    assert!(has(&store, 1).await);
}

#[tokio::test]
async fn a_reader_keeps_its_snapshot() {
    let store = SqliteStore::in_memory().unwrap();
    let mut reader = store.read(Scope::System).await.unwrap();
    assert!(reader.workspaces().find(id(1)).await.unwrap().is_none());
    add(&store, 1).await.unwrap();
    assert!(reader.workspaces().find(id(1)).await.unwrap().is_none());
    reader.commit().await.unwrap();
    assert!(has(&store, 1).await);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let store = SqliteStore::in_memory().unwrap();
    let mut reader = store.read(Scope::System).await.unwrap();
    let met = reader.workspaces().insert(&workspace(1)).await;
    assert!(matches!(met, Err(StoreError::Failed(_))), "{met:?}");
    drop(reader);
    assert!(!has(&store, 1).await);
}

#[tokio::test]
async fn after_a_conflict_the_unit_of_work_is_spent() {
    let store = SqliteStore::in_memory().unwrap();
    add(&store, 1).await.unwrap();
    let mut work = store.begin(Scope::System).await.unwrap();
    work.workspaces().insert(&workspace(2)).await.unwrap();
    let mut taken = workspace(3);
    taken.slug = workspace(1).slug;
    assert_eq!(
        work.workspaces().insert(&taken).await,
        Err(StoreError::Conflict(Constraint::WorkspaceSlug))
    );
    let spent = StoreError::Failed("the unit of work is spent".to_owned());
    assert_eq!(work.workspaces().find(id(1)).await, Err(spent.clone()));
    assert_eq!(work.commit().await, Err(spent));
    assert!(!has(&store, 2).await);
    add(&store, 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_parallel_units_of_work_all_come_to_their_turn() {
    let store = SqliteStore::in_memory().unwrap();
    let tasks: Vec<_> = (1..=64)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                if number % 4 == 0 {
                    // One in four gives up half-way.
                    let mut work = store.begin(Scope::System).await.unwrap();
                    work.workspaces().insert(&workspace(number)).await.unwrap();
                } else {
                    add(&store, number).await.unwrap();
                }
                has(&store, number).await
            })
        })
        .collect();
    for (number, task) in (1_u128..).zip(tasks) {
        assert_eq!(task.await.unwrap(), number % 4 != 0, "{number}");
    }
}

#[tokio::test]
async fn r4_a_store_without_a_free_turn_is_unavailable_and_down_and_comes_back() {
    let options = SqliteOptions {
        readers: 1,
        turn_timeout: Duration::from_millis(30),
        ..SqliteOptions::default()
    };
    let store = SqliteStore::in_memory_with(options).unwrap();
    assert_eq!(store.check().await, CheckStatus::Up);
    let writing = store.begin(Scope::System).await.unwrap();
    let reading = store.read(Scope::System).await.unwrap();
    for met in [
        store.begin(Scope::System).await.err(),
        store.read(Scope::System).await.err(),
    ] {
        assert!(matches!(met, Some(StoreError::Unavailable(_))), "{met:?}");
    }
    assert_eq!(store.check().await, CheckStatus::Down);
    drop((writing, reading));
    assert_eq!(store.check().await, CheckStatus::Up);
    add(&store, 1).await.unwrap();
}

#[tokio::test]
async fn a_unit_of_work_outlives_the_handle_it_came_from() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.begin(Scope::System).await.unwrap();
    drop(store);
    work.workspaces().insert(&workspace(1)).await.unwrap();
    work.commit().await.unwrap();
}
