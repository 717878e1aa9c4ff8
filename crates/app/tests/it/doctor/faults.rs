//! Each planted fault is named, by the check whose matter it is.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use kogents_adapter_crypto::SystemClock;
use kogents_domain::time::Clock as _;
use maxminddb_writer::Database;
use maxminddb_writer::paths::IpAddrWithMask;

use super::{examine, examine_with};
use crate::support::{Folder, Mood, Private, SmtpServer};

const PRODUCTION: [(&str, &str); 7] = [
    ("APP_ENV", "production"),
    ("PUBLIC_URL", "https://api.example.com"),
    ("SMTP_HOST", "127.0.0.1"),
    ("SMTP_FROM", "mail@example.com"),
    ("JWT_SECRET", "Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi"),
    ("JWT_REFRESH_SECRET", "p9QkVt4RzW1nMhB6yCjS8eLxUoDa0gFi"),
    ("REDIS_ENCRYPTION_KEY", "7HsUwXb2ePzQmKc9JvTnYr5LdGa1fOiE"),
];
const SALT: (&str, &str) = ("REDIS_ENCRYPTION_SALT", "Xt6BqWm0ZrVy3NkHc8PjLs2UeGoDa5Fi");

/// Settings, and the check, the level and a part of what is to be said of them.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str, &'a str);

#[track_caller]
fn all_are_named(base: &[(&str, &str)], cases: &[Case<'_>]) {
    for (settings, check, level, part) in cases {
        let folder = Folder::new();
        let all = [base, settings].concat();
        examine(&folder, &all).expect(check, level, part);
    }
}

#[test]
fn s31_faults_of_the_configuration_are_named_one_by_one() {
    all_are_named(
        &[],
        &[
            (
                &[("DATABASE_URL", "mysql://x")],
                "configuration",
                "failure",
                "DATABASE_URL must be",
            ),
            (
                &[("DATABASE_URL", "mysql://x")],
                "database",
                "warning",
                "because DATABASE_URL is",
            ),
            (
                &[("REDIS_PORT", "0")],
                "cache",
                "warning",
                "because REDIS_PORT is wrong",
            ),
            (
                &[("SMTP_TLS", "maybe")],
                "mail",
                "warning",
                "because SMTP_TLS is wrong",
            ),
            (
                &[("DATA_DIR", "/dev/null")],
                "data folder",
                "failure",
                "is not a folder",
            ),
            (
                &[("HOST", "192.0.2.1"), ("PORT", "3999")],
                "ports",
                "failure",
                "cannot listen",
            ),
        ],
    );
}

#[test]
fn s31_secrets_that_anybody_could_guess_are_named() {
    let production = [&PRODUCTION[..], &[SALT]].concat();
    let reused = PRODUCTION[4].1;
    all_are_named(
        &production,
        &[
            (
                &[("JWT_SECRET", "short")],
                "secrets",
                "failure",
                "JWT_SECRET must be at least 32",
            ),
            (
                &[("JWT_SECRET", "changeme-changeme-1234567890-abcdef")],
                "secrets",
                "failure",
                "JWT_SECRET must be a value of your own",
            ),
            (
                &[("JWT_REFRESH_SECRET", reused)],
                "secrets",
                "failure",
                "JWT_REFRESH_SECRET must have another value than JWT_SECRET",
            ),
            (
                &[("SECRET_KEY", "abcdefghijklmnopqrstuvwxyz0123456789")],
                "secrets",
                "warning",
                "SECRET_KEY does not look",
            ),
        ],
    );
    let folder = Folder::new();
    examine(&folder, &PRODUCTION).expect("configuration", "failure", "REDIS_ENCRYPTION_SALT must");
}

#[test]
fn s32_generated_secrets_that_others_may_read_are_named() {
    let folder = Folder::new();
    drop(folder.start());
    let secrets = folder.path("data/secrets.json");
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o644)).unwrap();
    let found = examine(&folder, &[]);
    found.expect("secrets", "failure", "(mode 0644)");
    // It only looks.
    let mode = std::fs::metadata(&secrets).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn addresses_and_proxies_that_do_not_go_together_are_named() {
    let production = [&PRODUCTION[..], &[SALT]].concat();
    all_are_named(
        &production,
        &[
            (
                &[("PUBLIC_URL", "http://api.example.com")],
                "cookies",
                "failure",
                "is called by http",
            ),
            (
                &[("DASHBOARD_URL", "https://dashboard.example.org")],
                "cookies",
                "failure",
                "of another site",
            ),
            (
                &[("DASHBOARD_URL", "https://app.example.com")],
                "origins",
                "failure",
                "browsers may not call from the dashboard",
            ),
            (
                &[("ALLOWED_ORIGINS", "http://app.example.com")],
                "origins",
                "failure",
                "is called by http",
            ),
            (
                &[("TRUSTED_PROXIES", "0.0.0.0/0")],
                "proxies",
                "failure",
                "anybody may claim",
            ),
            (
                &[],
                "proxies",
                "warning",
                "no proxy is trusted, and HOST is 0.0.0.0",
            ),
        ],
    );
}

#[test]
fn servers_that_do_not_answer_are_named() {
    all_are_named(
        &[],
        &[
            (
                &[("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/kogents")],
                "database",
                "failure",
                "not reachable",
            ),
            (
                &[("REDIS_URL", "redis://127.0.0.1:1")],
                "cache",
                "failure",
                "not reachable",
            ),
            (
                &[
                    ("SMTP_HOST", "127.0.0.1"),
                    ("SMTP_PORT", "1"),
                    ("SMTP_FROM", "a@example.com"),
                ],
                "mail",
                "failure",
                "127.0.0.1:1 does not take us",
            ),
        ],
    );
}

#[test]
fn a_mail_server_without_tls_or_with_another_password_is_named() {
    let server = SmtpServer::open();
    let port = server.port.to_string();
    let settings = [
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_FROM", "mail@example.com"),
    ];
    let folder = Folder::new();
    examine(&folder, &settings).expect("mail", "failure", "does not take us");
    let plain = [&settings[..], &[("SMTP_TLS", "none")]].concat();
    let found = examine(&folder, &plain);
    found.expect("mail", "ok", "takes us without a sign-in");
    found.expect_well();
    assert_eq!(server.mails().len(), 0, "a greeting sends nothing");

    let with_account = SmtpServer::with_account("me", "right");
    let port = with_account.port.to_string();
    let settings = [
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_FROM", "mail@example.com"),
        ("SMTP_TLS", "none"),
        ("SMTP_USER", "me"),
    ];
    let wrong = [&settings[..], &[("SMTP_PASS", "wrong-canary")]].concat();
    let found = examine(&folder, &wrong);
    found.expect("mail", "failure", "does not take us");
    assert!(!format!("{:?}", found.findings).contains("canary"));
    let right = [&settings[..], &[("SMTP_PASS", "right")]].concat();
    examine(&folder, &right).expect("mail", "ok", "with the sign-in");
}

#[test]
fn a_test_mail_is_sent_when_it_is_asked_for() {
    let server = SmtpServer::open();
    let port = server.port.to_string();
    let settings = [
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_FROM", "mail@example.com"),
        ("SMTP_TLS", "none"),
    ];
    let folder = Folder::new();
    let words = ["--mail", "ops@example.com"];
    let found = examine_with(&folder, &settings, 4_096, &words);
    found.expect("mail", "ok", "took the test mail");
    assert_eq!(server.mails().len(), 1);
    server.set(Mood::RefusesRecipient);
    let found = examine_with(&folder, &settings, 4_096, &words);
    found.expect("mail", "failure", "the test mail was not taken");
    let found = examine_with(&folder, &[], 4_096, &words);
    found.expect("mail", "failure", "SMTP_HOST is not set");
}

#[test]
fn a_cache_that_forgets_is_named() {
    let arguments = ["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"];
    let Some(redis) = Private::redis_with(&arguments) else {
        return;
    };
    let folder = Folder::new();
    let found = examine(&folder, &[("REDIS_URL", &redis.url())]);
    found.expect("cache", "failure", "maxmemory-policy is allkeys-lru");
    found.expect("cache", "warning", "it keeps nothing over a restart");
    found.expect("cache", "ok", "of 50 MiB are used");
}

#[test]
fn a_database_that_is_behind_newer_or_none_is_named() {
    let folder = Folder::new();
    drop(folder.start());
    let database = folder.path("data/kogents.db");
    let change = |statement: &str| {
        use diesel::Connection as _;
        use diesel::connection::SimpleConnection as _;
        let path = database.to_str().unwrap();
        let mut connection = diesel::SqliteConnection::establish(path).unwrap();
        connection.batch_execute(statement).unwrap();
    };
    let stays = ("MIGRATE_ON_START", "false");
    change("DELETE FROM __diesel_schema_migrations WHERE version = '0001'");
    examine(&folder, &[stays]).expect("migrations", "failure", "1 migration is pending");
    examine(&folder, &[]).expect("migrations", "warning", "1 migration is pending");
    change("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    examine(&folder, &[]).expect("migrations", "failure", "9999 is unknown");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    examine(&folder, &[]).expect("database", "warning", "(mode 0644)");
    std::fs::write(
        &database,
        "no database, whatever its name may say, and long enough",
    )
    .unwrap();
    let _ = std::fs::remove_file(folder.path("data/kogents.db-wal"));
    examine(&folder, &[]).expect("database", "failure", "is not a SQLite database");
    let empty = Folder::new();
    examine(&empty, &[stays]).expect("database", "failure", "there is no database at");
}

#[test]
fn an_ip_database_that_is_missing_damaged_or_old_is_named() {
    let folder = Folder::new();
    let path = folder.path("city.mmdb");
    let setting = [("GEOIP_DB_PATH", path.to_str().unwrap())];
    let found = || examine(&folder, &setting);
    found().expect("geography", "warning", "is not used");
    std::fs::write(&path, "no database").unwrap();
    found().expect("geography", "warning", "is not used");
    let now_secs = SystemClock.now().as_millis() / 1_000;
    for (days, level) in [(40, "warning"), (3, "ok")] {
        std::fs::write(&path, places(now_secs - days * 86_400)).unwrap();
        found().expect("geography", level, &format!("is {days} days old"));
    }
}

/// A database by which every address is in Germany, built at this moment.
fn places(built_unix_secs: i64) -> Vec<u8> {
    let mut database = Database::default();
    database.metadata.binary_format_major_version = 2;
    database.metadata.build_epoch = built_unix_secs.try_into().unwrap();
    let record = database.insert_value(BTreeMap::from([("country_code", "DE")]));
    let everywhere: IpAddrWithMask = "0.0.0.0/0".parse().unwrap();
    database.insert_node(everywhere, record.unwrap());
    database.write_to(Vec::new()).unwrap()
}

#[test]
fn too_few_open_files_are_named() {
    let folder = Folder::new();
    let found = examine_with(&folder, &[], 256, &[]);
    found.expect("open files", "failure", "at most 256");
    let found = examine_with(&folder, &[], 1_024, &[]);
    found.expect("open files", "warning", "at most 1024");
    assert_eq!(found.code, 0);
}

#[test]
fn a_port_that_another_program_has_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    // It takes connections and says nothing that a server of ours would.
    std::thread::spawn(move || {
        for stream in other.incoming() {
            drop(stream);
        }
    });
    let folder = Folder::new();
    let found = examine(&folder, &[("PORT", &port)]);
    found.expect("ports", "failure", "is in use by another program");
}
