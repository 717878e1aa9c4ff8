//! Which database and which cache a configuration names.

use super::*;
use crate::config::{Config, ConfigError, Mail, Source};

/// A file of variables as the product's first implementation had it, in development.
const FORMER: [(&str, &str); 14] = [
    ("NODE_ENV", "development"),
    ("PORT", "3001"),
    (
        "DATABASE_URL",
        "postgresql://kogents:pass@localhost:5432/kogents?schema=public&connection_limit=5",
    ),
    ("REDIS_HOST", "localhost"),
    ("REDIS_PORT", "6379"),
    ("REDIS_PASSWORD", ""),
    ("REDIS_ENCRYPTION_KEY", "short-key"),
    ("REDIS_ENCRYPTION_SALT", "short-salt"),
    ("JWT_SECRET", "your-secret-key"),
    ("JWT_REFRESH_SECRET", "your-refresh-secret"),
    ("SMTP_HOST", "smtp.example.com"),
    ("SMTP_PORT", "587"),
    ("SMTP_USER", "mail@example.com"),
    ("SMTP_PASS", "app-password"),
];

fn read_all(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(&Source::of(variables.iter().copied()))
}

fn stores(variables: &[(&str, &str)]) -> Stores {
    read_all(variables).unwrap().stores
}

/// The names of the variables that are wrong.
fn faults(variables: &[(&str, &str)]) -> Vec<String> {
    let error = read_all(variables).expect_err("the configuration is wrong");
    error.faults().iter().map(|f| f.name.clone()).collect()
}

#[test]
fn the_former_file_works_unchanged_in_development() {
    let config = read_all(&FORMER).unwrap();
    assert!(config.stores.are_shared() && config.keys.are_complete());
    let Database::Postgres(postgres) = &config.stores.database else {
        panic!("the database is PostgreSQL")
    };
    assert!(postgres.url.expose().ends_with("connection_limit=5"));
    assert_eq!(postgres.max_connections, None, "the URL says it");
    let Cache::Redis(redis) = &config.stores.cache else {
        panic!("the cache is Redis")
    };
    assert_eq!(redis.url.expose(), "redis://localhost:6379/");
    assert_eq!(redis.prefix, "kogents:");
    assert!(matches!(config.mail, Mail::Smtp(_)));
    assert_eq!(config.server.port, 3_001);
}

#[test]
fn s31_the_former_file_in_production_names_its_secrets_and_how_to_make_new_ones() {
    let changed = [
        ("NODE_ENV", "production"),
        ("PUBLIC_URL", "https://api.kogents.test"),
    ];
    let variables = [&FORMER[..], &changed].concat();
    let expected = [
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "REDIS_ENCRYPTION_KEY",
        "REDIS_ENCRYPTION_SALT",
    ];
    assert_eq!(faults(&variables), expected);
    let shown = read_all(&variables).unwrap_err().to_string();
    assert!(shown.contains("openssl rand -base64 48"), "{shown}");
    for (_, secret) in &FORMER[6..10] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_database_is_a_file_or_a_server() {
    let path = |url| match stores(&[("DATABASE_URL", url)]).database {
        Database::Sqlite { path } => path.unwrap(),
        Database::Postgres(_) => panic!("{url} is a file"),
    };
    assert_eq!(
        path("sqlite://data/k.db"),
        std::path::Path::new("data/k.db")
    );
    assert_eq!(
        path("sqlite:///var/k.db"),
        std::path::Path::new("/var/k.db")
    );
    for server in [
        "postgres://db/chat",
        " postgresql://a,b:5433/chat?target_session_attrs=any ",
    ] {
        let database = stores(&[("DATABASE_URL", server)]).database;
        assert!(matches!(database, Database::Postgres(_)), "{server}");
    }
    for bad in [
        "sqlite://",
        "postgres://",
        "postgresql:///chat",
        "mysql://db/chat",
        "k.db",
        "sqlite://k.db?mode=ro",
    ] {
        assert_eq!(faults(&[("DATABASE_URL", bad)]), ["DATABASE_URL"], "{bad}");
    }
}

#[test]
fn what_belongs_to_a_server_goes_with_it() {
    let url = ("DATABASE_URL", "postgresql://pooler/chat");
    let direct = ("DATABASE_DIRECT_URL", "postgresql://db/chat");
    let size = ("DATABASE_MAX_CONNECTIONS", "20");
    let off = ("MIGRATE_ON_START", "false");
    let stores = stores(&[url, direct, size, off]);
    assert!(!stores.migrate_on_start && !stores.are_shared());
    let Database::Postgres(postgres) = stores.database else {
        panic!("the database is PostgreSQL")
    };
    assert_eq!(postgres.direct_url.unwrap().expose(), direct.1);
    assert_eq!(postgres.max_connections, Some(20));
    assert_eq!(faults(&[direct]), ["DATABASE_DIRECT_URL"]);
}

#[test]
fn a_cache_is_named_by_a_url_or_by_its_parts() {
    let url = |variables: &[(&str, &str)]| match stores(variables).cache {
        Cache::Redis(redis) => redis.url.expose().to_owned(),
        Cache::InProcess => panic!("the cache is Redis"),
    };
    let host = ("REDIS_HOST", "cache");
    assert_eq!(url(&[host]), "redis://cache:6379/");
    assert_eq!(
        url(&[host, ("REDIS_PORT", "7000"), ("REDIS_PASSWORD", "a b")]),
        "redis://:a%20b@cache:7000/"
    );
    let whole = ("REDIS_URL", "rediss://:pass@cache/1");
    assert_eq!(url(&[whole]), whole.1);
    assert_eq!(faults(&[whole, host]), ["REDIS_HOST"]);
    assert_eq!(faults(&[("REDIS_URL", "http://canary")]), ["REDIS_URL"]);
    assert_eq!(
        faults(&[("REDIS_PORT", "6379"), ("REDIS_PASSWORD", "canary")]),
        ["REDIS_PORT", "REDIS_PASSWORD"]
    );
}

#[test]
fn s31_urls_and_passwords_come_from_files_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let database = file("database", "postgresql://ada:canary@db/chat\n");
    let password = file("password", "canary\n");
    let stores = stores(&[
        ("DATABASE_URL_FILE", &database),
        ("REDIS_HOST", "cache"),
        ("REDIS_PASSWORD_FILE", &password),
    ]);
    assert!(stores.are_shared());
    let Cache::Redis(redis) = &stores.cache else {
        panic!("the cache is Redis")
    };
    assert_eq!(redis.url.expose(), "redis://:canary@cache:6379/");
    assert!(!format!("{stores:?}").contains("canary"));
}
