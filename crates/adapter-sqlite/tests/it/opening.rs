//! Opening, closing and opening again.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use kogents_adapter_sqlite::{MigrationState, OpenError, SqliteOptions, SqliteStore};
use kogents_domain::store::{Scope, Store as _};

use crate::samples::{add, has, workspace};

/// Runs statements on a file as another program would.
fn tamper(file: &Path, statements: &str) {
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    conn.batch_execute(statements).unwrap();
}

#[tokio::test]
async fn r1_what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    let store = SqliteStore::open(&file).unwrap();
    add(&store, 1).await.unwrap();
    let mut unfinished = store.begin(Scope::System).await.unwrap();
    unfinished.workspaces().insert(&workspace(2)).await.unwrap();
    drop(store);
    drop(unfinished);
    let store = SqliteStore::open(&file).unwrap();
    assert!(has(&store, 1).await);
    assert!(!has(&store, 2).await);
}

#[tokio::test]
async fn r1_what_was_committed_is_there_when_nothing_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    let store = SqliteStore::open(&file).unwrap();
    add(&store, 1).await.unwrap();
    let mut unfinished = store.begin(Scope::System).await.unwrap();
    unfinished.workspaces().insert(&workspace(2)).await.unwrap();
    // The files as a killed process leaves them: the log is not in the database yet.
    let copy = folder.path().join("copy.db");
    for end in ["", "-wal"] {
        let from = folder.path().join(format!("kogents.db{end}"));
        fs::copy(from, folder.path().join(format!("copy.db{end}"))).unwrap();
    }
    let after = SqliteStore::open(&copy).unwrap();
    assert!(has(&after, 1).await);
    assert!(!has(&after, 2).await);
}

#[tokio::test]
async fn the_last_handle_closes_everything_and_empties_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    let store = SqliteStore::open(&file).unwrap();
    let other = store.clone();
    add(&store, 1).await.unwrap();
    drop(store);
    add(&other, 2).await.unwrap();
    drop(other);
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["kogents.db"]);
}

#[tokio::test]
async fn s32_all_files_are_for_their_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("kogents.db")).unwrap();
    add(&store, 1).await.unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name());
    }
    names.sort();
    assert_eq!(names, ["kogents.db", "kogents.db-shm", "kogents.db-wal"]);
}

#[test]
fn a_newer_database_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    drop(SqliteStore::open(&file).unwrap());
    tamper(
        &file,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')",
    );
    let before = fs::read(&file).unwrap();
    let newer = OpenError::Newer {
        path: file.clone(),
        version: "9999".to_owned(),
    };
    for migrate in [true, false] {
        let options = SqliteOptions {
            migrate,
            ..SqliteOptions::default()
        };
        assert_eq!(
            SqliteStore::open_with(&file, options).err(),
            Some(newer.clone())
        );
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    let line = newer.to_string();
    assert!(line.contains("newer version (migration 9999)"), "{line}");
    assert!(line.contains("kogents.db"), "{line}");
}

#[test]
fn a_migration_that_fails_is_told_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    tamper(&file, "CREATE TABLE outbox (x)");
    let met = SqliteStore::open(&file).err().unwrap();
    assert!(matches!(met, OpenError::Migration { .. }), "{met:?}");
    tamper(&file, "DROP TABLE outbox");
    SqliteStore::open(&file).unwrap();
}

#[test]
fn without_migrating_the_pending_ones_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    let waiting = SqliteOptions {
        migrate: false,
        ..SqliteOptions::default()
    };
    let pending = SqliteStore::open_with(&file, waiting)
        .unwrap()
        .migration_state();
    assert_eq!(pending.applied, 0);
    assert!(pending.pending >= 1);
    let applied = SqliteStore::open(&file).unwrap().migration_state();
    let expected = MigrationState {
        applied: pending.pending,
        pending: 0,
    };
    assert_eq!(applied, expected);
}

#[test]
fn r6_eight_programs_that_open_one_new_file_at_once_all_can() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let file = file.clone();
            std::thread::spawn(move || SqliteStore::open(&file))
        })
        .collect();
    for thread in threads {
        let store = thread.join().unwrap().unwrap();
        assert_eq!(store.migration_state().pending, 0);
    }
}

#[test]
fn another_file_is_no_database_and_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("short.db", b"hello".to_vec()),
        ("long.db", vec![b'x'; 10_000]),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, &content).unwrap();
        let expected = OpenError::NotADatabase { path: file.clone() };
        assert_eq!(SqliteStore::open(&file).err(), Some(expected));
        assert_eq!(fs::read(&file).unwrap(), content);
    }
}

#[test]
fn a_place_that_cannot_hold_a_file_is_unusable() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for place in ["", "missing/kogents.db", "file/kogents.db"] {
        let path = folder.path().join(place);
        let met = SqliteStore::open(&path).err().unwrap();
        assert!(matches!(met, OpenError::Unusable { .. }), "{met:?}");
        let folder = folder.path().to_str().unwrap();
        assert!(met.to_string().contains(folder), "{met}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_unusable() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    // A superuser may write everywhere; the store must then agree with that.
    let may_write = fs::write(folder.path().join("probe"), "").is_ok();
    let met = SqliteStore::open(&folder.path().join("kogents.db")).err();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    match met {
        None => assert!(may_write),
        Some(OpenError::Unusable { .. }) => assert!(!may_write),
        Some(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_database_that_another_program_holds_is_unusable_for_now() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kogents.db");
    drop(SqliteStore::open(&file).unwrap());
    let mut other = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    other
        .batch_execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE")
        .unwrap();
    let met = SqliteStore::open(&file).err().unwrap();
    assert!(
        matches!(&met, OpenError::Unusable { reason, .. } if reason.contains("locked")),
        "{met:?}"
    );
    drop(other);
    SqliteStore::open(&file).unwrap();
}

#[test]
fn names_that_mean_something_else_to_sqlite_are_files_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:x?mode=memory", "a b%20c.db"] {
        let file = folder.path().join(name);
        let store = SqliteStore::open(&file).unwrap();
        drop(store);
        assert!(fs::metadata(&file).unwrap().len() > 0, "{name}");
    }
}
