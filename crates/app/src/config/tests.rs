//! What the configuration is made of, section by section, and how its faults are told.

mod every_variable;

use super::*;
use kogents_adapter_smtp::Tls;
use kogents_domain::limits::{Limit, LimitRules};
use kogents_domain::signup::GuessBudgets;
use kogents_domain::time::Span;

/// What a production server needs, all of it right.
const PRODUCTION: [(&str, &str); 7] = [
    ("APP_ENV", "production"),
    ("PUBLIC_URL", "https://api.kogents.test"),
    ("SMTP_HOST", "mail.kogents.test"),
    ("SMTP_FROM", "Kogents <mail@kogents.test>"),
    ("JWT_SECRET", "Zq3vN8xLr0TbYw7KcJmP2sHdGf5uEaXi"),
    ("JWT_REFRESH_SECRET", "p9QkVt4RzW1nMhB6yCjS8eLxUoDa0gFi"),
    ("REDIS_ENCRYPTION_KEY", "7HsUwXb2ePzQmKc9JvTnYr5LdGa1fOiE"),
];
const SALT: (&str, &str) = ("REDIS_ENCRYPTION_SALT", "Xt6BqWm0ZrVy3NkHc8PjLs2UeGoDa5Fi");

fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(&Source::of(variables.iter().copied()))
}

/// A production configuration with some variables changed; an empty value takes one away.
fn production(changes: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let all = PRODUCTION.iter().chain([&SALT]).chain(changes).copied();
    Config::read(&Source::of(all))
}

/// The names of the variables that are wrong.
fn faults(result: Result<Config, ConfigError>) -> Vec<String> {
    let error = result.expect_err("the configuration is wrong");
    error.faults().iter().map(|f| f.name.clone()).collect()
}

#[test]
fn s32_in_development_nothing_needs_to_be_set() {
    let config = read(&[]).unwrap();
    assert_eq!(config.mode, Mode::Development);
    assert_eq!(config.server.host, std::net::Ipv4Addr::LOCALHOST);
    assert_eq!(config.server.port, 3_000);
    assert_eq!(config.server.public_url, None);
    assert_eq!(config.server.data_dir, std::path::Path::new("./data"));
    assert_eq!(config.server.metrics_port, None);
    assert!(config.server.allowed_origins.is_empty());
    assert!(config.server.trusted_proxies.is_empty());
    assert_eq!(
        config.log.filter,
        "warn,kogents=info,actix_http::h1::dispatcher=off"
    );
    assert_eq!(config.log.format, LogFormat::Text);
    assert!(matches!(
        config.stores.database,
        Database::Sqlite { path: None }
    ));
    assert!(matches!(config.stores.cache, Cache::InProcess));
    assert!(config.stores.migrate_on_start && !config.stores.are_shared());
    assert!(config.keys.jwt.is_none() && config.keys.secret_key.is_none());
    assert!(matches!(config.mail, Mail::Mailbox { from: None }));
    assert_eq!(config.geography.database, None);
}

#[test]
fn the_defaults_of_lifetimes_and_sizes_are_the_documented_ones() {
    let config = read(&[]).unwrap();
    let expected = Lifetimes {
        access_token: Span::from_secs(900),
        refresh_idle: Span::from_secs(604_800),
        refresh_absolute: Span::from_secs(2_592_000),
        refresh_grace: Span::from_secs(30),
        session_idle: Span::from_secs(604_800),
        session_absolute: Span::from_secs(2_592_000),
        otp: Span::from_secs(600),
        otp_resend: Span::from_secs(60),
        signup: Span::from_secs(86_400),
    };
    assert_eq!(config.lifetimes, expected);
    assert_eq!(config.sizes.sessions_per_user, 25);
    assert_eq!(config.sizes.otp_max_attempts, 5);
    let wrong_codes = Limit::new(15, Span::from_secs(86_400));
    assert_eq!(config.limits.confirm_email, GuessBudgets::one(wrong_codes));
    assert!(config.sizes.password_hash_concurrency >= 1);
    assert_eq!(config.sizes.slow_query, Span::from_millis(200));
}

#[test]
fn s3_budgets_of_wrong_codes_are_a_list_and_never_off() {
    let config = read(&[
        ("RATE_LIMIT_CONFIRM_EMAIL", "3/1h,5/1d"),
        ("RATE_LIMITS", "off"),
    ])
    .unwrap();
    let budgets: Vec<Limit> = config.limits.confirm_email.iter().collect();
    let (hour, day) = (Span::from_secs(3_600), Span::from_secs(86_400));
    assert_eq!(budgets, [Limit::new(5, day), Limit::new(3, hour)]);
    assert_eq!(config.limits.rules, LimitRules::off());
}

#[test]
fn sessions_live_as_long_as_refresh_tokens_unless_told_otherwise() {
    let config = read(&[
        ("REFRESH_IDLE_SECS", "600"),
        ("REFRESH_ABSOLUTE_SECS", "1200"),
    ])
    .unwrap();
    assert_eq!(config.lifetimes.session_idle, Span::from_secs(600));
    assert_eq!(config.lifetimes.session_absolute, Span::from_secs(1_200));
    let config = read(&[("REFRESH_IDLE_SECS", "600"), ("SESSION_IDLE_SECS", "60")]).unwrap();
    assert_eq!(config.lifetimes.session_idle, Span::from_secs(60));
}

#[test]
fn production_listens_everywhere_and_logs_json() {
    let config = production(&[]).unwrap();
    assert_eq!(config.mode, Mode::Production);
    assert_eq!(config.server.host, std::net::Ipv4Addr::UNSPECIFIED);
    assert_eq!(config.log.format, LogFormat::Json);
    let Mail::Smtp(smtp) = config.mail else {
        panic!("production has a mail server")
    };
    assert_eq!((smtp.port, smtp.tls), (587, Tls::StartTls));
}

#[test]
fn either_name_of_the_mode_makes_it_production() {
    assert!(
        production(&[("APP_ENV", ""), ("NODE_ENV", "production")])
            .unwrap()
            .mode
            .is_production()
    );
    let both = [("APP_ENV", "development"), ("NODE_ENV", "production")];
    assert!(production(&both).unwrap().mode.is_production());
    assert_eq!(
        faults(read(&[("APP_ENV", "prod"), ("NODE_ENV", "test")])),
        ["APP_ENV", "NODE_ENV"]
    );
}

#[test]
fn every_variable_with_a_form_refuses_another() {
    let wrong = [
        ("APP_ENV", "canary"),
        ("NODE_ENV", "canary"),
        ("HOST", "canary.example"),
        ("PORT", "canary"),
        ("PUBLIC_URL", "canary"),
        ("DASHBOARD_URL", "canary"),
        ("ALLOWED_ORIGINS", "canary"),
        ("TRUSTED_PROXIES", "canary"),
        ("METRICS_PORT", "70000"),
        ("LOG_LEVEL", "canary"),
        ("LOG_FORMAT", "canary"),
        ("DATABASE_MAX_CONNECTIONS", "0"),
        ("DATABASE_DIRECT_URL", "canary"),
        ("DATABASE_URL", "canary://canary"),
        ("MIGRATE_ON_START", "canary"),
        ("REDIS_HOST", "canary canary"),
        ("REDIS_PORT", "0"),
        ("REDIS_PREFIX", "canary{"),
        ("REFRESH_IDLE_SECS", "canary"),
        ("REFRESH_ABSOLUTE_SECS", "canary"),
        ("ACCESS_TOKEN_TTL_SECS", "0"),
        ("REFRESH_GRACE_SECS", "301"),
        ("SESSION_IDLE_SECS", "-1"),
        ("SESSION_ABSOLUTE_SECS", "1.5"),
        ("OTP_TTL_SECS", "canary"),
        ("OTP_RESEND_SECS", "canary"),
        ("SIGNUP_TTL_SECS", "canary"),
        ("SESSION_LIMIT_PER_USER", "0"),
        ("OTP_MAX_ATTEMPTS", "0"),
        ("PASSWORD_HASH_CONCURRENCY", "0"),
        ("SLOW_QUERY_MS", "60001"),
        ("RATE_LIMIT_CONFIRM_EMAIL", "canary"),
        ("SMTP_HOST", "canary canary"),
        ("SMTP_PORT", "0"),
        ("SMTP_TLS", "canary"),
        ("SMTP_FROM", "canary"),
        ("SMTP_REPLY_TO", "canary"),
    ];
    let result = read(&wrong);
    let shown = result.as_ref().unwrap_err().to_string();
    let expected: Vec<&str> = wrong.iter().map(|(name, _)| *name).collect();
    assert_eq!(faults(result), expected);
    assert!(!shown.contains("canary"), "{shown}");
    assert!(
        shown.starts_with("the configuration has 37 faults:\n  APP_ENV must be"),
        "{shown}"
    );
    assert!(!shown.contains("openssl"), "no secret is wrong: {shown}");
}

#[test]
fn s31_production_names_everything_that_is_missing() {
    let expected = [
        "PUBLIC_URL",
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "REDIS_ENCRYPTION_KEY",
        "REDIS_ENCRYPTION_SALT",
        "SMTP_HOST",
    ];
    let result = read(&[("NODE_ENV", "production")]);
    assert!(
        result
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("openssl rand -base64 48")
    );
    assert_eq!(faults(result), expected);
}

#[test]
fn s31_wrong_secrets_are_named_and_never_shown() {
    let result = production(&[
        ("JWT_SECRET", "canary"),
        (
            "JWT_REFRESH_SECRET",
            "canary-changeme-canary-changeme-canary",
        ),
        (
            "REDIS_ENCRYPTION_KEY",
            "canarycanarycanarycanarycanarycanary",
        ),
        ("REDIS_ENCRYPTION_KEY_PREVIOUS", SALT.1),
        ("SECRET_KEY", "canary"),
    ]);
    let shown = result.as_ref().unwrap_err().to_string();
    assert!(
        !shown.contains("canary") && !shown.contains(SALT.1),
        "{shown}"
    );
    let expected = [
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "REDIS_ENCRYPTION_KEY",
        "REDIS_ENCRYPTION_KEY_PREVIOUS",
        "SECRET_KEY",
    ];
    assert_eq!(faults(result), expected);
}

#[test]
fn s31_one_value_under_two_names_is_refused() {
    let value = PRODUCTION[4].1;
    assert_eq!(
        faults(production(&[("JWT_REFRESH_SECRET", value)])),
        ["JWT_REFRESH_SECRET"]
    );
    assert_eq!(
        faults(production(&[("JWT_SECRET_PREVIOUS", value)])),
        ["JWT_SECRET_PREVIOUS"]
    );
    assert_eq!(
        faults(production(&[("HEALTH_TOKEN", value)])),
        ["HEALTH_TOKEN"]
    );
}

#[test]
fn s31_the_health_token_is_a_secret_that_may_be_absent() {
    let token = "b8Yw2Qm7LkVt5ZrXn0PjHs4GdFa9UeCi";
    assert!(production(&[]).unwrap().keys.health_token.is_none());
    let config = production(&[("HEALTH_TOKEN", token)]).unwrap();
    assert!(!format!("{config:?}").contains(token));
    let given = config.keys.health_token.unwrap();
    assert_eq!(given.expose(), token);
}

#[test]
fn s31_secrets_come_from_files_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwt");
    std::fs::write(&path, "k4TzUq8WmXe1RvNb7YcHs0LpJgDa3fOi\n").unwrap();
    let file = ("JWT_SECRET_FILE", path.to_str().unwrap());
    let config = production(&[("JWT_SECRET", ""), file]).unwrap();
    let secret = config.keys.jwt.unwrap();
    assert_eq!(secret.expose(), "k4TzUq8WmXe1RvNb7YcHs0LpJgDa3fOi");
    assert_eq!(faults(production(&[file])), ["JWT_SECRET"]);
    std::fs::write(&path, "short\n").unwrap();
    assert_eq!(
        faults(production(&[("JWT_SECRET", ""), file])),
        ["JWT_SECRET"]
    );
}

#[test]
fn s31_a_wildcard_origin_is_refused_always() {
    assert_eq!(
        faults(read(&[("ALLOWED_ORIGINS", "*")])),
        ["ALLOWED_ORIGINS"]
    );
    let among = [("ALLOWED_ORIGINS", "https://a.example,https://*.b.example")];
    assert_eq!(faults(production(&among)), ["ALLOWED_ORIGINS"]);
}

#[test]
fn s31_production_is_called_by_https_unless_it_is_this_computer() {
    assert_eq!(
        faults(production(&[("PUBLIC_URL", "http://api.kogents.test")])),
        ["PUBLIC_URL"]
    );
    assert!(production(&[("PUBLIC_URL", "http://localhost:3000")]).is_ok());
}

#[test]
fn development_takes_any_secret() {
    let config = read(&[("JWT_SECRET", "short")]).unwrap();
    assert_eq!(config.keys.jwt.unwrap().expose(), "short");
}

#[test]
fn mail_needs_a_sender_and_both_halves_of_a_sign_in() {
    let host = ("SMTP_HOST", "localhost");
    assert_eq!(faults(read(&[host])), ["SMTP_FROM"]);
    assert_eq!(
        faults(read(&[host, ("SMTP_USER", "me@kogents.test")])),
        ["SMTP_PASS"]
    );
    let pass = ("SMTP_PASS", "canary");
    let from = ("SMTP_FROM", "me@kogents.test");
    assert_eq!(faults(read(&[host, pass, from])), ["SMTP_USER"]);
    let Mail::Smtp(smtp) = read(&[host, pass, ("SMTP_USER", "me@kogents.test")])
        .unwrap()
        .mail
    else {
        panic!("there is a mail server")
    };
    assert_eq!(smtp.from.address.as_given(), "me@kogents.test");
    assert!(!format!("{smtp:?}").contains("canary"));
}

#[test]
fn mail_without_tls_is_for_development() {
    let smtp = |variables: &[(&str, &str)]| match read(variables).unwrap().mail {
        Mail::Smtp(smtp) => smtp,
        Mail::Mailbox { .. } => panic!("there is a mail server"),
    };
    let host = [("SMTP_HOST", "localhost"), ("SMTP_FROM", "me@kogents.test")];
    assert_eq!(
        smtp(&[&host[..], &[("SMTP_TLS", "none")]].concat()).tls,
        Tls::None
    );
    assert_eq!(
        smtp(&[&host[..], &[("SMTP_PORT", "465")]].concat()).tls,
        Tls::Implicit
    );
    assert_eq!(faults(production(&[("SMTP_TLS", "none")])), ["SMTP_TLS"]);
}

#[test]
fn log_levels_are_words_or_directives() {
    let filter = |level| read(&[("LOG_LEVEL", level)]).unwrap().log.filter;
    assert_eq!(filter("WARN"), "warn,actix_http::h1::dispatcher=off");
    assert_eq!(
        filter("debug"),
        "info,kogents=debug,actix_http::h1::dispatcher=off"
    );
    assert_eq!(filter("warn,kogents_http=trace"), "warn,kogents_http=trace");
    for bad in [
        "verbose",
        "info, kogents=debug",
        "info,kogents=debug,",
        "kogents[request]=debug",
        "kogents=",
        "=debug",
    ] {
        assert_eq!(faults(read(&[("LOG_LEVEL", bad)])), ["LOG_LEVEL"], "{bad}");
    }
}

#[test]
fn two_listeners_need_two_ports() {
    assert_eq!(faults(read(&[("METRICS_PORT", "3000")])), ["METRICS_PORT"]);
    assert!(read(&[("PORT", "0"), ("METRICS_PORT", "0")]).is_ok());
}

#[test]
fn an_ip_database_is_named_and_need_not_be_there() {
    let config = read(&[("GEOIP_DB_PATH", " /srv/geo ip/city.mmdb ")]).unwrap();
    let expected = std::path::Path::new("/srv/geo ip/city.mmdb");
    assert_eq!(config.geography.database.as_deref(), Some(expected));
}
