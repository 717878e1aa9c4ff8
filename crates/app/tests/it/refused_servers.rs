//! Starts that are refused because of a database or a cache: one clear line each, exit code 2.
//! And migrating by hand.

use std::process::Output;
use std::time::{Duration, Instant};

use crate::support::{Backend, Folder, OldPostgres, Private, connect, kogents};

/// How long a start may take to be refused.
const AT_ONCE: Duration = Duration::from_secs(5);

/// An address nobody listens at.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Starts with these settings and gives the one line.
#[track_caller]
fn refused(settings: &[(&str, &str)]) -> String {
    let started = Instant::now();
    let (said, code) = Folder::new().try_start(settings).refused();
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert_eq!(code, 2, "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!said.contains("canary"), "{said}");
    said
}

#[test]
fn a_database_that_is_not_there_is_one_line() {
    let url = format!("postgresql://ada:canary@{}/chat", nobody());
    let said = refused(&[("DATABASE_URL", &url)]);
    assert!(said.starts_with("the database is not reachable"), "{said}");
    assert!(said.ends_with("see DATABASE_URL"), "{said}");
    let parameter = format!("{url}?unheard=of");
    let said = refused(&[("DATABASE_URL", &parameter)]);
    assert!(said.contains("DATABASE_URL"), "{said}");
}

#[test]
fn a_cache_that_is_not_there_is_one_line() {
    let url = format!("redis://:canary@{}", nobody());
    let said = refused(&[("REDIS_URL", &url)]);
    assert!(said.starts_with("Redis is not reachable"), "{said}");
    assert!(said.ends_with("see REDIS_URL or REDIS_HOST"), "{said}");
}

#[test]
fn a_cache_that_refuses_the_login_or_lacks_a_command_is_one_line() {
    let Some(redis) = Private::redis_with(&["--requirepass", "canary"]) else {
        return;
    };
    let said = refused(&[("REDIS_URL", &redis.url())]);
    assert!(said.starts_with("Redis refuses the login"), "{said}");
    let wrong = redis.url().replace("redis://", "redis://:canary-wrong@");
    let said = refused(&[("REDIS_URL", &wrong)]);
    assert!(said.starts_with("Redis refuses the login"), "{said}");
    let unknown = redis.url().replace("redis://", "redis://ada:canary@");
    let said = refused(&[("REDIS_URL", &unknown)]);
    assert!(said.starts_with("Redis refuses the login"), "{said}");
    let right = redis.url().replace("redis://", "redis://:canary@");
    Folder::new().start_with(&[("REDIS_URL", &right)]);

    let without = Private::redis_with(&["--rename-command", "EVALSHA", ""]).unwrap();
    let said = refused(&[("REDIS_URL", &without.url())]);
    assert!(said.contains("lacks what is needed"), "{said}");
}

#[tokio::test]
async fn a_login_that_is_unknown_and_a_newer_database_are_one_line() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let (_, place) = backend.database_url().split_once('@').unwrap();
    let url = format!("postgresql://canary_nobody@{place}");
    let said = {
        let (said, code) = Folder::new().try_start(&[("DATABASE_URL", &url)]).refused();
        assert_eq!((code, said.lines().count()), (2, 1), "{said}");
        said
    };
    assert!(said.starts_with("the database refuses the "), "{said}");

    let client = connect(backend.database_url()).await;
    client
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
        .await
        .unwrap();
    let said = refused(&[("DATABASE_URL", backend.database_url())]);
    assert!(
        said.contains("newer release") && said.contains("9999"),
        "{said}"
    );
}

#[test]
fn a_database_server_that_is_too_old_is_one_line_and_left_alone() {
    for version in ["14.19 (Debian 14.19-1)", "9.6.24"] {
        let old = OldPostgres::of_version(version);
        let url = old.url();
        let settings = [("DATABASE_URL", url.as_str())];
        let expected = format!(
            "the database server is PostgreSQL {version}; at least 15 is needed; see DATABASE_URL"
        );
        assert_eq!(refused(&settings), expected);
        let (code, said) = run(&Folder::new(), &settings, &["migrate", "up"]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(&expected), "{said}");
        // Nothing was asked, let alone changed: who was let in only said farewell.
        let heard = old.heard();
        assert!(heard.iter().all(|&kind| kind == 'X'), "{heard:?}");
    }
}

#[test]
fn a_wrong_or_missing_password_of_the_database_is_one_line() {
    let Some(postgres) = Private::postgres_with_password("canary-right") else {
        return;
    };
    let right = postgres.url();
    let wrong = right.replace("canary-right", "canary-wrong");
    let said = refused(&[("DATABASE_URL", &wrong)]);
    assert!(said.starts_with("the database refuses the login"), "{said}");
    assert!(said.ends_with("see DATABASE_URL"), "{said}");
    let missing = right.replace(":canary-right", "");
    let said = refused(&[("DATABASE_URL", &missing)]);
    assert!(said.contains("the URL has no password"), "{said}");
    // The server itself may be reached another way; then that one's password counts.
    let said = refused(&[("DATABASE_URL", &right), ("DATABASE_DIRECT_URL", &wrong)]);
    assert!(said.starts_with("the database refuses the login"), "{said}");
    Folder::new().start_with(&[("DATABASE_URL", &right)]);
}

fn run(folder: &Folder, settings: &[(&str, &str)], words: &[&str]) -> (Option<i32>, String) {
    let output: Output = kogents(&folder.path(""), settings)
        .args(words)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn a_file_is_migrated_by_hand() {
    let folder = Folder::new();
    let (code, said) = run(&folder, &[], &["migrate", "status"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no database yet"), "{said}");
    assert!(!folder.path("data").exists(), "looking makes nothing");
    let (code, said) = run(&folder, &[], &["migrate", "up"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("made the database"), "{said}");
    let (code, said) = run(&folder, &[], &["migrate", "up"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("nothing to do"), "{said}");
    assert_eq!(run(&folder, &[], &["migrate", "status"]).0, Some(0));
    let wrong = [("DATABASE_URL", "canary")];
    assert_eq!(run(&folder, &wrong, &["migrate", "up"]).0, Some(2));
}

#[tokio::test]
async fn a_server_is_migrated_by_hand_where_a_start_may_not() {
    let Some(postgres) = Private::postgres() else {
        return;
    };
    let folder = Folder::new();
    let url = postgres.url();
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("MIGRATE_ON_START", "false"),
    ];
    let said = refused(&settings);
    assert!(said.contains("lacks migration"), "{said}");
    let (code, said) = run(&folder, &settings, &["migrate", "status"]);
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = run(&folder, &settings, &["migrate", "up"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("applied the migrations"), "{said}");
    assert_eq!(run(&folder, &settings, &["migrate", "status"]).0, Some(0));
    folder.start_with(&settings);
}
