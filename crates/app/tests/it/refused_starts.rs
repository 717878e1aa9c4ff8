//! Starts that are refused: one clear line each, and the exit code.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use crate::support::Folder;

#[test]
fn s31_a_wrong_configuration_names_every_variable_at_once() {
    let folder = Folder::new();
    let started = Instant::now();
    let settings = [
        ("NODE_ENV", "production"),
        ("PORT", "canary"),
        ("PUBLIC_URL", "http://canary.example"),
        ("ALLOWED_ORIGINS", "*"),
        ("JWT_SECRET", "canary"),
        (
            "JWT_REFRESH_SECRET",
            "changeme-canary-changeme-canary-changeme",
        ),
        ("REDIS_ENCRYPTION_KEY", "Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi"),
        ("REDIS_ENCRYPTION_SALT", "Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi"),
    ];
    let (said, code) = folder.try_start(&settings).refused();
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(code, 2);
    for name in settings
        .iter()
        .skip(1)
        .map(|(name, _)| *name)
        .chain(["SMTP_HOST"])
    {
        // The encryption key is right, but for its value standing under another name as well.
        assert!(said.contains(name), "{name} in {said}");
    }
    assert!(said.contains("openssl rand -base64 48"), "{said}");
    for value in ["canary", "Zq3v"] {
        assert!(!said.contains(value), "{said}");
    }
    assert!(!folder.path("data").exists(), "nothing was begun");
}

/// What the example file lists: name and sample.
fn listed() -> Vec<(&'static str, &'static str)> {
    let is_name = |(name, _): &(&str, &str)| {
        name.chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    include_str!("../../../../.env.example")
        .lines()
        .filter_map(|line| line.strip_prefix("# ")?.split_once('='))
        .filter(is_name)
        .collect()
}

/// Starts in production and gives what is said, which comes at once and begins nothing.
#[track_caller]
fn refused_in_production(settings: &[(&str, &str)]) -> String {
    let folder = Folder::new();
    let all = [&[("APP_ENV", "production")], settings].concat();
    let started = Instant::now();
    let (said, code) = folder.try_start(&all).refused();
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(code, 2, "{said}");
    assert!(!folder.path("data").exists(), "something was begun");
    said
}

/// Whether a line of a report is about a variable.
fn names(said: &str, variable: &str) -> bool {
    let line = format!("\n  {variable} ");
    said.contains(&line)
}

#[test]
fn s31_every_variable_that_is_wrong_is_named_at_once_and_no_value_is_shown() {
    // These three can be anything.
    let any_text = ["DATA_DIR", "GEOIP_DB_PATH", "SMTP_USER", "SMTP_PASS"];
    let wrong: Vec<(&str, &str)> = listed()
        .into_iter()
        .map(|(name, _)| (name, "canary canary{*\"<"))
        .filter(|(name, _)| *name != "APP_ENV" && !any_text.contains(name))
        .collect();
    let said = refused_in_production(&wrong);
    for (name, _) in &wrong {
        assert!(names(&said, name), "{name} in {said}");
    }
    let expected = format!("the configuration has {} faults:", wrong.len());
    assert!(said.starts_with(&expected), "{said}");
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn s31_what_is_missing_or_a_sample_or_used_twice_is_named_at_once() {
    let required = [
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "REDIS_ENCRYPTION_KEY",
        "REDIS_ENCRYPTION_SALT",
    ];
    let said = refused_in_production(&[("PUBLIC_URL", ""), ("SMTP_HOST", "")]);
    for name in required.iter().chain(&["PUBLIC_URL", "SMTP_HOST"]) {
        assert!(names(&said, name), "{name} in {said}");
    }

    let samples: Vec<(&str, &str)> = listed()
        .into_iter()
        .filter(|(name, sample)| name.contains("SECRET") || sample.starts_with("your-redis-enc"))
        .collect();
    let said = refused_in_production(&samples);
    for (name, sample) in samples {
        assert!(
            names(&said, name) && !said.contains(sample),
            "{name} in {said}"
        );
    }

    let value = "Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi";
    let twice: Vec<(&str, &str)> = required.iter().map(|name| (*name, value)).collect();
    let said = refused_in_production(&twice);
    assert!(
        !names(&said, required[0]) && !said.contains(value),
        "{said}"
    );
    for name in &required[1..] {
        assert!(names(&said, name), "{name} in {said}");
    }
}

#[test]
fn a_port_in_use_is_one_line() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let folder = Folder::new();
    let (said, code) = folder.try_start(&[("PORT", &port)]).refused();
    assert_eq!(code, 1);
    let expected = format!("127.0.0.1:{port} is in use");
    assert!(
        said.starts_with(&expected) && said.lines().count() == 1,
        "{said}"
    );
    assert!(!folder.path("data").exists(), "nothing was begun");
}

#[test]
fn an_unwritable_folder_is_one_line() {
    let folder = Folder::new();
    std::fs::write(folder.path("file"), "").unwrap();
    let (said, code) = folder.try_start(&[("DATA_DIR", "./file/data")]).refused();
    assert_eq!(code, 1);
    assert!(
        said.starts_with("the data folder ./file/data cannot be written"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_second_server_on_a_folder_is_one_line_and_leaves_the_first_alone() {
    let folder = Folder::new();
    let first = folder.start();
    let data = folder.path("data");
    let other = Folder::new();
    let (said, code) = other
        .try_start(&[("DATA_DIR", data.to_str().unwrap())])
        .refused();
    assert_eq!(code, 1);
    assert!(said.contains("is in use by another kogents"), "{said}");
    assert!(
        said.contains(data.to_str().unwrap()) && said.lines().count() == 1,
        "{said}"
    );
    assert_eq!(first.end_by("TERM").code(), Some(0));
}

#[test]
fn a_second_server_on_a_database_file_is_one_line() {
    let folder = Folder::new();
    let url = format!("sqlite://{}", folder.path("shared.db").display());
    let first = folder.start_with(&[("DATABASE_URL", &url)]);
    let other = Folder::new();
    let (said, code) = other.try_start(&[("DATABASE_URL", &url)]).refused();
    assert_eq!(code, 1);
    assert!(
        said.contains("shared.db is in use by another kogents") && said.lines().count() == 1,
        "{said}"
    );
    assert_eq!(first.end_by("TERM").code(), Some(0));
}

#[test]
fn a_newer_database_is_one_line() {
    let folder = Folder::new();
    assert_eq!(folder.start().end_by("TERM").code(), Some(0));
    let database = folder.path("data/kogents.db");
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')")
        .unwrap();
    drop(connection);
    let (said, code) = folder.try_start(&[]).refused();
    assert_eq!(code, 2);
    assert!(
        said.contains("kogents.db") && said.contains("newer version"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn what_is_no_database_is_one_line_and_left_alone() {
    let folder = Folder::new();
    let text = "something else that is longer than the header of a database file".repeat(100);
    std::fs::write(folder.path("notes.txt"), &text).unwrap();
    let (said, code) = folder
        .try_start(&[("DATABASE_URL", "sqlite://notes.txt")])
        .refused();
    assert_eq!(code, 2);
    assert!(
        said.contains("notes.txt is not a SQLite database"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_to_string(folder.path("notes.txt")).unwrap(),
        text
    );
}

#[test]
fn damaged_secrets_are_one_line_without_them() {
    let folder = Folder::new();
    assert_eq!(folder.start().end_by("TERM").code(), Some(0));
    std::fs::write(
        folder.path("data/secrets.json"),
        "{\"JWT_SECRET\": \"canary",
    )
    .unwrap();
    let (said, code) = folder.try_start(&[]).refused();
    assert_eq!(code, 1);
    assert!(
        said.contains("./data/secrets.json") && said.contains("damaged"),
        "{said}"
    );
    assert!(
        said.lines().count() == 1 && !said.contains("canary"),
        "{said}"
    );
}
