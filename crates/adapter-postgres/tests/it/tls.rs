//! Encrypted connections: who is believed, and what happens where encryption fails.

use kogents_adapter_postgres::{OpenError, PgStore};
use kogents_domain::health::{CheckStatus, Probe as _};
use kogents_domain::store::{Scope, Store as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

use crate::seed;
use crate::server::patient;
use crate::tls_server::TlsServer;

/// Opens a store, uses it, and says how many of its connections are encrypted and how many not.
async fn open(server: &TlsServer, url: &str, login: &str) -> Result<(i64, i64), OpenError> {
    let store = PgStore::connect(url, patient()).await?;
    assert_eq!(store.check().await, CheckStatus::Up);
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().find(seed::person(1).id).await.unwrap();
    let (watcher, connection) = tokio_postgres::connect(&server.socket_url(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let query = "SELECT count(*) FILTER (WHERE s.ssl), count(*) FILTER (WHERE NOT s.ssl) \
        FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) \
        WHERE a.usename = $1 AND a.state = 'idle in transaction'";
    let row = watcher.query_one(query, &[&login]).await.unwrap();
    drop(unit);
    Ok((row.get(0), row.get(1)))
}

const ENCRYPTED: (i64, i64) = (1, 0);
const PLAIN: (i64, i64) = (0, 1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_protects_as_far_as_the_url_says() {
    let Some(server) = TlsServer::start().await else {
        return;
    };
    let (right, wrong) = (server.authority(), server.other_authority());
    let tls = |host: &str, parameters: &str| server.url("tls_only", host, parameters);

    for (host, parameters) in [
        ("localhost", "&sslmode=prefer".to_owned()),
        // Nothing is verified where the name could be anybody's.
        ("elsewhere.example", String::new()),
        ("localhost", format!("&sslmode=require&sslrootcert={right}")),
        (
            "localhost",
            format!("&sslmode=verify-full&sslrootcert={right}"),
        ),
        (
            "localhost",
            format!("&sslmode=verify-ca&sslrootcert={right}"),
        ),
        (
            "elsewhere.example",
            format!("&sslmode=verify-ca&sslrootcert={right}"),
        ),
        // The password's exchange is bound to the certificate.
        (
            "localhost",
            format!("&sslmode=verify-full&sslrootcert={right}&channel_binding=require"),
        ),
    ] {
        let opened = open(&server, &tls(host, &parameters), "tls_only").await;
        assert_eq!(opened.unwrap(), ENCRYPTED, "{host} {parameters}");
    }

    for (host, parameters, told) in [
        (
            "localhost",
            format!("&sslmode=require&sslrootcert={wrong}"),
            "UnknownIssuer",
        ),
        (
            "localhost",
            format!("&sslmode=verify-ca&sslrootcert={wrong}"),
            "UnknownIssuer",
        ),
        (
            "localhost",
            format!("&sslmode=verify-full&sslrootcert={wrong}"),
            "UnknownIssuer",
        ),
        // The public authorities do not know it.
        ("localhost", "&sslmode=require".to_owned(), "UnknownIssuer"),
        (
            "localhost",
            "&sslmode=verify-ca".to_owned(),
            "UnknownIssuer",
        ),
        (
            "elsewhere.example",
            format!("&sslmode=require&sslrootcert={right}"),
            "elsewhere.example",
        ),
        (
            "elsewhere.example",
            format!("&sslmode=verify-full&sslrootcert={right}"),
            "elsewhere.example",
        ),
        ("localhost", "&sslmode=disable".to_owned(), "not encrypted"),
        (
            "localhost",
            "&sslmode=require&sslrootcert=/none.pem".to_owned(),
            "/none.pem",
        ),
    ] {
        let refused = open(&server, &tls(host, &parameters), "tls_only").await;
        match refused {
            Err(OpenError::Tls(reason)) => {
                assert!(reason.contains(told), "{host} {parameters}: {reason}");
            }
            other => panic!("{host} {parameters}: {other:?}"),
        }
    }

    // Where TLS is what the server does not let in, `prefer` goes on without.
    let plain = |parameters: &str| server.url("plain_only", "localhost", parameters);
    let opened = open(&server, &plain("&sslmode=prefer"), "plain_only").await;
    assert_eq!(opened.unwrap(), PLAIN);
    let opened = open(&server, &plain("&sslmode=disable"), "plain_only").await;
    assert_eq!(opened.unwrap(), PLAIN);
    let parameters = format!("&sslmode=require&sslrootcert={right}");
    let refused = open(&server, &plain(&parameters), "plain_only").await;
    assert!(matches!(refused, Err(OpenError::Refused(_))), "{refused:?}");

    // A wrong password stays one, whatever `prefer` tries.
    let url = tls("localhost", "&password=wrong");
    let refused = open(&server, &url, "tls_only").await;
    assert!(
        matches!(refused, Err(OpenError::WrongCredentials(_))),
        "{refused:?}"
    );

    // A socket of the same machine needs no TLS, and has none.
    let url = format!("{}&sslmode=verify-full", server.socket_url());
    assert_eq!(open(&server, &url, "postgres").await.unwrap(), PLAIN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answering = tokio::spawn(async move {
        loop {
            let (mut peer, _) = listener.accept().await.unwrap();
            let mut asked = [0; 8];
            peer.read_exact(&mut asked).await.unwrap();
            assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47], "no request for TLS");
            peer.write_all(b"N").await.unwrap();
        }
    });
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("postgresql://ada:secret@127.0.0.1:{port}/chat?sslmode={mode}");
        let refused = PgStore::connect(&url, patient()).await.err();
        match refused {
            Some(error @ OpenError::Tls(_)) => {
                let message = error.to_string();
                assert!(message.contains("TLS"), "{message}");
                assert!(!message.contains("secret"), "{message}");
            }
            other => panic!("{mode}: {other:?}"),
        }
    }
    answering.abort();
}
