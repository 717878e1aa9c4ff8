//! Tests of the URL's reader, one for each kind of parameter.

use super::*;

fn read_query(query: &str) -> DatabaseUrl {
    read(&format!("postgresql://ada:secret@db.example/chat?{query}")).unwrap()
}

fn refusal(url: &str) -> String {
    match read(url) {
        Err(error @ OpenError::InvalidUrl(_)) => error.to_string(),
        other => panic!("{url}: {other:?}"),
    }
}

fn refusal_of_query(query: &str) -> String {
    refusal(&format!("postgresql://ada:secret@db.example/chat?{query}"))
}

fn tcp(name: &str) -> Host {
    Host::Tcp(name.to_owned())
}

#[test]
fn both_schemes_are_read() {
    for scheme in ["postgres", "postgresql"] {
        let url = format!("{scheme}://ada:secret@db.example:6432/chat?application_name=chat");
        let config = read(&url).unwrap().config;
        assert_eq!(config.get_user(), Some("ada"));
        assert_eq!(config.get_password(), Some(b"secret".as_slice()));
        assert_eq!(config.get_hosts(), [tcp("db.example")]);
        assert_eq!(config.get_ports(), [6432]);
        assert_eq!(config.get_dbname(), Some("chat"));
        assert_eq!(config.get_application_name(), Some("chat"));
    }
}

#[test]
fn names_and_passwords_may_be_percent_encoded() {
    let url = "postgres://a%40da:p%40ss%2Fw%3Frd%23%25@db.example/ch%20at";
    let config = read(url).unwrap().config;
    assert_eq!(config.get_user(), Some("a@da"));
    assert_eq!(config.get_password(), Some(b"p@ss/w?rd#%".as_slice()));
    assert_eq!(config.get_dbname(), Some("ch at"));
}

#[test]
fn a_host_parameter_names_a_socket_and_replaces_the_address() {
    for (url, port) in [
        ("postgres://ada@localhost/chat?host=/run/postgresql", 5432),
        (
            "postgres://ada@localhost:5433/chat?host=%2Frun%2Fpostgresql",
            5433,
        ),
        (
            "postgres://ada@localhost:5433/chat?host=/run/postgresql&port=5434",
            5434,
        ),
        (
            "postgres:///chat?host=/run/postgresql&port=5432&user=ada",
            5432,
        ),
    ] {
        let config = read(url).unwrap().config;
        assert_eq!(
            config.get_hosts(),
            [Host::Unix("/run/postgresql".into())],
            "{url}"
        );
        assert_eq!(
            config.get_ports().first().copied().unwrap_or(5432),
            port,
            "{url}"
        );
        assert_eq!(config.get_user(), Some("ada"), "{url}");
        assert_eq!(config.get_dbname(), Some("chat"), "{url}");
    }
}

#[test]
fn a_port_parameter_replaces_the_address_s_port() {
    for address in ["db.example", "db.example:1", "[::1]", "[::1]:1"] {
        let config = read(&format!("postgres://ada@{address}/chat?port=6432"))
            .unwrap()
            .config;
        assert_eq!(config.get_ports(), [6432], "{address}");
        assert_eq!(config.get_hosts().len(), 1, "{address}");
    }
}

#[test]
fn sslmode_is_read_and_prefer_is_what_holds_without() {
    for (query, mode, asked) in [
        ("", TlsMode::Prefer, SslMode::Prefer),
        ("sslmode=disable", TlsMode::Disable, SslMode::Disable),
        ("sslmode=allow", TlsMode::Prefer, SslMode::Prefer),
        ("sslmode=prefer", TlsMode::Prefer, SslMode::Prefer),
        ("sslmode=require", TlsMode::Require, SslMode::Require),
        ("sslmode=verify-ca", TlsMode::VerifyCa, SslMode::Require),
        ("sslmode=verify-full", TlsMode::VerifyFull, SslMode::Require),
    ] {
        let url = read_query(query);
        assert_eq!(url.tls.mode(), mode, "{query}");
        assert_eq!(url.config.get_ssl_mode(), asked, "{query}");
    }
    assert!(refusal_of_query("sslmode=maybe").contains("sslmode"));
}

#[test]
fn a_socket_of_the_same_machine_needs_no_tls() {
    let url = read("postgres:///chat?host=/run/postgresql&sslmode=verify-full").unwrap();
    assert_eq!(url.config.get_ssl_mode(), SslMode::Disable);
}

#[test]
fn sslrootcert_names_a_file_or_the_public_authorities() {
    let url = read_query("sslmode=verify-ca&sslrootcert=/etc/my%20ca.pem");
    assert_eq!(url.tls.roots(), &Roots::File("/etc/my ca.pem".into()));
    let url = read_query("sslmode=verify-full&sslrootcert=system");
    assert_eq!(url.tls.roots(), &Roots::Public);
}

#[test]
fn sslrootcert_without_a_mode_that_verifies_is_refused() {
    for query in [
        "sslrootcert=/etc/ca.pem",
        "sslmode=prefer&sslrootcert=/etc/ca.pem",
        "sslmode=disable&sslrootcert=/etc/ca.pem",
    ] {
        assert!(refusal_of_query(query).contains("sslrootcert"), "{query}");
    }
}

#[test]
fn what_asks_for_protection_is_never_passed_over() {
    for key in [
        "sslcert",
        "sslkey",
        "sslidentity",
        "sslpassword",
        "sslcrl",
        "sslmod",
    ] {
        let message = refusal_of_query(&format!("{key}=x"));
        assert!(message.contains(key), "{message}");
    }
}

#[test]
fn schema_becomes_the_search_path() {
    assert_eq!(read_query("schema=public").config.get_options(), None);
    let url = read_query("schema=chat");
    assert_eq!(url.schema.as_deref(), Some("chat"));
    assert_eq!(url.config.get_options(), Some("-c search_path=\"chat\""));
    let url = read_query("options=-c%20geqo%3Doff&schema=My%20%22odd%22%5Cone");
    assert_eq!(
        url.config.get_options(),
        Some(r#"-c geqo=off -c search_path="My\ ""odd""\\one""#)
    );
    let long = "x".repeat(64);
    for name in ["", "pg_catalog", "a%00b", &long] {
        assert!(
            refusal_of_query(&format!("schema={name}")).contains("schema"),
            "{name}"
        );
    }
}

#[test]
fn connection_limit_is_the_pool_s_size() {
    assert_eq!(
        read_query("connection_limit=5").hints.max_connections,
        Some(5)
    );
    for value in ["0", "-1", "many", "65536", ""] {
        let message = refusal_of_query(&format!("connection_limit={value}"));
        assert!(message.contains("connection_limit"), "{message}");
    }
}

#[test]
fn pool_timeout_and_connect_timeout_are_seconds_and_never_endless() {
    let hints = read_query("pool_timeout=7&connect_timeout=3").hints;
    assert_eq!(hints.wait_timeout, Some(Duration::from_secs(7)));
    assert_eq!(hints.connect_timeout, Some(Duration::from_secs(3)));
    assert_eq!(
        read_query("pool_timeout=0&connect_timeout=0").hints,
        Hints::default()
    );
    for key in ["pool_timeout", "connect_timeout"] {
        assert!(refusal_of_query(&format!("{key}=soon")).contains(key));
    }
}

#[test]
fn pgbouncer_means_that_nothing_rests_in_a_connection() {
    assert!(read_query("pgbouncer=true").hints.pooled_by_transaction);
    assert!(!read_query("pgbouncer=false").hints.pooled_by_transaction);
    assert!(refusal_of_query("pgbouncer=perhaps").contains("pgbouncer"));
}

#[test]
fn parameters_without_a_counterpart_do_not_get_in_the_way() {
    for query in [
        "sslaccept=strict",
        "statement_cache_size=100",
        "socket_timeout=5",
        "max_connection_lifetime=60",
        "unheard_of=1",
    ] {
        let config = read_query(query).config;
        assert_eq!(config.get_dbname(), Some("chat"), "{query}");
    }
}

#[test]
fn what_the_client_library_knows_goes_on_to_it() {
    let config = read_query(
        "keepalives=0&target_session_attrs=read-write&tcp_user_timeout=4&channel_binding=require",
    )
    .config;
    assert!(!config.get_keepalives());
    assert_eq!(config.get_tcp_user_timeout(), Some(&Duration::from_secs(4)));
    assert!(refusal_of_query("target_session_attrs=any-at-all").contains("target_session_attrs"));
}

#[test]
fn refused_urls_do_not_show_their_password() {
    for url in [
        "mysql://ada:secret@db.example/chat",
        "host=db.example password=secret",
        "postgres://ada:secret@db.example/chat?sslmode=maybe",
        "postgres://ada:secret@db.example:port/chat",
        "postgres://ada:sec@secret@db.example/chat",
        "postgres://ada:1?secret@db.example/chat",
        "postgres://ada:1?secret/db.example=x",
        "postgres://ada:secret@db.example/chat?lonely",
        "postgres://ada:secret@db.example/chat?schema=%zz",
    ] {
        let message = refusal(url);
        assert!(!message.contains("secret"), "{message}");
    }
}
