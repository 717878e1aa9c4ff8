//! What is not exported and what is not imported, and that nothing was done then.

use std::fs;

use super::{Move, PUBLIC_URL, Settings, refused, succeeded};
use crate::support::connect;

/// How many persons a database has.
async fn persons(url: &str) -> i64 {
    let client = connect(url).await;
    let row = client.query_one("SELECT count(*) FROM users", &[]).await;
    row.unwrap().get(0)
}

/// An export of a server with one account.
async fn with_one_account() -> Option<(Move, Settings)> {
    let moving = Move::new().await?;
    let program = moving.from.start();
    program.client.sign_up_and_confirm("ada@example.com").await;
    assert_eq!(program.end_by("TERM").code(), Some(0));
    let secrets = moving.exported("out");
    Some((moving, secrets))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_and_what_is_there_already_stop_an_export() {
    let Some(moving) = Move::new().await else {
        return;
    };
    let program = moving.from.start();
    let (why, code) = refused(&moving.export("out"));
    assert!(why.contains("a server is running on"), "{why}");
    assert!(why.contains("stop it first"), "{why}");
    assert_eq!(code, 1);
    assert!(!moving.from.path("out").exists());
    assert!(!moving.from.path("out.env").exists());
    program.end_by("TERM");

    // The same for a file elsewhere, whose server keeps its secrets in another folder.
    let elsewhere = [("DATABASE_URL", "sqlite://elsewhere.db"), PUBLIC_URL];
    let program = moving.from.start_with(&elsewhere);
    let words = ["export", "out"];
    let other_folder = [elsewhere[0], ("DATA_DIR", "other")];
    let (why, _) = refused(&moving.from.run_with(&other_folder, &words));
    assert!(why.contains("elsewhere.db: stop it first"), "{why}");
    program.end_by("TERM");
    let (why, _) = refused(&moving.from.run_with(&other_folder, &words));
    assert!(why.contains("the secrets are not known here"), "{why}");

    moving.exported("out");
    let again = moving.from.run(&["export", &moving.export_path("out")]);
    let (why, _) = refused(&again);
    assert!(why.contains("is there already"), "{why}");
    let kept = fs::read(moving.secrets_path("out")).unwrap();
    let folder = moving.export_path("new");
    let secrets = moving.secrets_path("out");
    let words = ["export", &folder, "--secrets", &secrets];
    let (why, _) = refused(&moving.from.run(&words));
    assert!(why.contains("out.env cannot be written"), "{why}");
    assert_eq!(fs::read(moving.secrets_path("out")).unwrap(), kept);
    assert!(!moving.from.path("new").exists());

    let (why, _) = refused(&moving.to.run(&["export", &folder]));
    assert!(why.contains("pg_dump"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_export_is_found_before_anything_is_written() {
    let Some((moving, secrets)) = with_one_account().await else {
        return;
    };
    let users = moving.from.path("out/users.jsonl");
    let manifest = moving.from.path("out/manifest.json");
    let rows = fs::read_to_string(&users).unwrap();
    let about = fs::read_to_string(&manifest).unwrap();
    let digits = about
        .split("\"sha256\": \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let cases = [
        (
            &users,
            rows.replace("Ada", "Eve"),
            "users is damaged: its SHA-256",
        ),
        (
            &users,
            String::new(),
            "users is damaged: it has 0 rows of 1",
        ),
        (
            &users,
            rows.repeat(2),
            "users is damaged: it has 2 rows of 1",
        ),
        (
            &users,
            rows[..rows.len() - 1].to_owned(),
            "users.jsonl is damaged at line 1",
        ),
        (
            &users,
            rows[..rows.len() / 2].to_owned(),
            "users.jsonl is damaged at line 1",
        ),
        (
            &manifest,
            about[..about.len() / 2].to_owned(),
            "manifest.json is damaged",
        ),
        (
            &manifest,
            about.replace(digits, &"0".repeat(64)),
            "users is damaged: its SHA-256",
        ),
        (
            &manifest,
            "{}".to_owned(),
            "is no manifest of a Kogents export",
        ),
        (
            &manifest,
            about.replace("\"kogentsExport\": 1", "\"kogentsExport\": 2"),
            "in the format 2, and this program reads 1",
        ),
        (
            &manifest,
            about.replace("\"migration\": \"", "\"migration\": \"9"),
            "the export is of tables at migration 9",
        ),
        (
            &manifest,
            about.replace("\"phone\"", "\"fax\""),
            "has other tables or columns",
        ),
    ];
    for (file, damaged, expected) in cases {
        let whole = fs::read_to_string(file).unwrap();
        assert_ne!(whole, damaged, "{expected}");
        fs::write(file, &damaged).unwrap();
        let (why, code) = refused(&moving.import("out", &secrets, &[]));
        assert!(why.contains(expected), "{expected}: {why}");
        assert_eq!(code, 1);
        fs::write(file, whole).unwrap();
    }
    fs::rename(&users, moving.from.path("away")).unwrap();
    let (why, _) = refused(&moving.import("out", &secrets, &[]));
    assert!(why.contains("users.jsonl cannot be read"), "{why}");
    fs::rename(moving.from.path("away"), &users).unwrap();
    fs::rename(&manifest, moving.from.path("away")).unwrap();
    let (why, _) = refused(&moving.import("out", &secrets, &[]));
    assert!(why.contains("manifest.json is not there"), "{why}");
    fs::rename(moving.from.path("away"), &manifest).unwrap();

    assert_eq!(persons(moving.backend.database_url()).await, 0);
    succeeded(&moving.import("out", &secrets, &["--quiet"]));
    assert_eq!(persons(moving.backend.database_url()).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_empty_or_in_use_is_left_alone() {
    let Some((moving, secrets)) = with_one_account().await else {
        return;
    };
    let url = moving.backend.database_url();
    let client = connect(url).await;
    let id = "'0192f3c0-1111-7abc-8def-0123456789ab'";
    let plant = format!(
        "INSERT INTO workspaces VALUES ({id}, 'a', 'a', '{{}}', NULL, 1, 1); \
         INSERT INTO audit VALUES ({id}, NULL, 1, NULL, 'x', NULL, NULL, NULL, '{{}}')"
    );
    client.batch_execute(&plant).await.unwrap();
    let (why, code) = refused(&moving.import("out", &secrets, &[]));
    assert!(
        why.contains("not empty, there are rows in workspaces, audit"),
        "{why}"
    );
    assert_eq!(code, 1);
    assert_eq!(persons(url).await, 0);
    let empty = "DELETE FROM workspaces; DELETE FROM audit";
    client.batch_execute(empty).await.unwrap();

    // As a server holds it that keeps its cache to itself, and another import.
    let lock = "SELECT pg_advisory_lock(1802463077, hashtext(current_schema()::text))";
    client.batch_execute(lock).await.unwrap();
    let (why, _) = refused(&moving.import("out", &secrets, &[]));
    assert!(
        why.contains("is running on the database: stop it first"),
        "{why}"
    );
    client
        .batch_execute("SELECT pg_advisory_unlock_all()")
        .await
        .unwrap();
    let said = succeeded(&moving.import("out", &secrets, &[]));
    assert!(said.contains("are as they were exported"), "{said}");
    let (why, _) = refused(&moving.import("out", &secrets, &[]));
    assert!(
        why.contains("there are rows in users, workspaces, roles"),
        "{why}"
    );
}
