//! R7: a server that is told to stop says that it is not ready, finishes what it has accepted,
//! writes down what it counted, returns its leases, and ends well; whoever tells it, and when.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use futures_util::future::join_all;
use kogents_adapter_crypto::SystemClock;
use kogents_domain::time::Clock as _;
use serde_json::{Value, json};

use super::raw::Raw;
use crate::support::{Backend, Client, Folder, PASSWORD, Program, connect, on_both};

on_both!(
    r7_no_sign_in_is_lost_by_sigterm,
    r7_no_sign_in_is_lost_by_sigint,
    r7_a_second_signal_cuts_the_delay_short,
    r7_a_server_that_is_told_to_stop_while_it_starts_leaves_nothing_in_the_way,
);

/// How long a server may take to end.
const LIMIT: Duration = Duration::from_secs(30);
/// Requests that are counted and not written down when the signal comes.
const COUNTED: i64 = 7;

async fn r7_no_sign_in_is_lost_by_sigterm(backend: &Backend) {
    none_is_lost(backend, "TERM", 200).await;
}

async fn r7_no_sign_in_is_lost_by_sigint(backend: &Backend) {
    none_is_lost(backend, "INT", 40).await;
}

/// The bodies of the sign-ins end at three moments: before the signal, while the server steps
/// aside, and when it takes no connections any more.
async fn none_is_lost(backend: &Backend, signal: &str, logins: usize) {
    let folder = Folder::on(backend);
    let settings = [
        ("SHUTDOWN_DELAY_SECS", "2"),
        ("SESSION_LIMIT_PER_USER", "1000"),
        ("ACTIVITY_FLUSH_SECS", "3600"),
        ("LOG_LEVEL", "info"),
    ];
    let program = folder.start_with(&settings);
    let base = program.client.base().to_owned();
    let account = program.client.sign_up_and_confirm("ada@example.com").await;
    for _ in 0..COUNTED {
        let profile = program
            .client
            .get_as(&account.access_token, "/users/profile");
        profile.await.expect(200);
    }
    let before = files(&program);
    let body = json!({ "email": account.email, "password": PASSWORD });
    let whole = Raw::post("/auth/login", &body.to_string());
    let (all_but_last, last) = whole.as_bytes().split_at(whole.len() - 1);
    let mut clients = Vec::new();
    for _ in 0..logins {
        let mut client = Raw::connect(&base).await;
        client.send(all_but_last).await;
        clients.push(client);
    }
    let accepted = Instant::now();
    while files(&program) < before + logins {
        assert!(accepted.elapsed() < LIMIT, "not all are accepted");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let third = logins / 3;
    for client in &mut clients[..third] {
        client.send(last).await;
    }

    program.signal(signal);
    let told = Instant::now();
    // New connections are still taken, and hear that they should go elsewhere.
    let not_ready = async {
        while program.client.get("/health/ready").await.status != 503 {}
        program.client.get("/health/live").await.expect(200);
    };
    let not_ready = tokio::time::timeout(Duration::from_secs(2), not_ready).await;
    not_ready.expect("it says that it is not ready before it takes nobody any more");
    for client in &mut clients[third..2 * third] {
        client.send(last).await;
    }
    while Raw::try_connect(&base).await.is_ok() {
        assert!(told.elapsed() < LIMIT, "it takes connections still");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for client in &mut clients[2 * third..] {
        client.send(last).await;
    }
    let answers = join_all(clients.iter_mut().map(Raw::rest)).await;
    let status = tokio::task::block_in_place(|| program.ended());
    assert_eq!(status.code(), Some(0));
    assert!(told.elapsed() < LIMIT, "{:?}", told.elapsed());

    let tokens = signed_in(&answers);
    println!(
        "{signal}: {} of {logins} signed in, the others were told to come back; ended in {:.1?}",
        tokens.len(),
        told.elapsed()
    );
    assert!(tokens.len() > third / 2, "{}", tokens.len());
    is_written_down(backend, &folder, tokens.len()).await;
    let program = folder.start_with(&settings);
    for token in &tokens {
        let sessions = program.client.get_as(token, "/health/sessions");
        sessions.await.expect(200);
    }
    assert_eq!(program.end_by("TERM").code(), Some(0));
}

/// How many files a server has open.
fn files(program: &Program) -> usize {
    let folder = format!("/proc/{}/fd", program.id());
    std::fs::read_dir(folder).unwrap().count()
}

/// The tokens of those who were signed in. Everybody else was answered as well, wholly and in
/// order, and told to come back.
fn signed_in(answers: &[(String, bool)]) -> Vec<String> {
    let mut tokens = Vec::new();
    for (answer, in_order) in answers {
        assert!(in_order, "{answer}");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("lost: {answer}"));
        if head.starts_with("HTTP/1.1 200") {
            tokens.push(body["access_token"].as_str().unwrap().to_owned());
        } else {
            assert!(head.starts_with("HTTP/1.1 503"), "{answer}");
            assert!(head.to_lowercase().contains("retry-after: "), "{answer}");
        }
    }
    tokens
}

/// What the database says once the server has gone.
async fn is_written_down(backend: &Backend, folder: &Folder, signed_in: usize) {
    let look = async |query: &str| look(backend, folder, query).await;
    let promised = i64::try_from(signed_in).unwrap() + 1;
    let sessions = look("SELECT count(*) AS n FROM sessions").await;
    assert!(sessions >= promised, "{sessions} of {promised}");
    let counted = "SELECT CAST(max(total_requests) AS BIGINT) AS n FROM session_activity";
    assert!(look(counted).await >= COUNTED, "{}", look(counted).await);
    let now = SystemClock.now().as_millis();
    let leases = format!("SELECT count(*) AS n FROM leases WHERE until > {now}");
    assert_eq!(look(&leases).await, 0);
    let mails =
        "SELECT count(*) AS n FROM outbox WHERE state = 'queued' AND lease_until IS NOT NULL";
    assert_eq!(look(mails).await, 0);
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

async fn look(backend: &Backend, folder: &Folder, query: &str) -> i64 {
    match backend {
        Backend::Embedded => {
            let file = folder.path("data/kogents.db");
            let mut file = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
            let number: Number = diesel::sql_query(query).get_result(&mut file).unwrap();
            number.n
        }
        Backend::Servers { .. } => {
            let client = connect(backend.database_url()).await;
            client.query_one(query, &[]).await.unwrap().get("n")
        }
    }
}

async fn r7_a_second_signal_cuts_the_delay_short(backend: &Backend) {
    let folder = Folder::on(backend);
    let program = folder.start_with(&[("SHUTDOWN_DELAY_SECS", "5")]);
    let client: Client = program.client.clone();
    program.signal("TERM");
    let told = Instant::now();
    while client.get("/health/ready").await.status != 503 {
        assert!(told.elapsed() < Duration::from_secs(5), "it says nothing");
    }
    program.signal("TERM");
    let status = tokio::task::block_in_place(|| program.ended());
    assert_eq!(status.code(), Some(0));
    // Less than the delay alone would take.
    assert!(
        told.elapsed() < Duration::from_secs(5),
        "{:?}",
        told.elapsed()
    );
}

async fn r7_a_server_that_is_told_to_stop_while_it_starts_leaves_nothing_in_the_way(
    backend: &Backend,
) {
    let folder = Folder::on(backend);
    for round in 0..8 {
        let starting = folder.launch(None, &[]);
        tokio::time::sleep(Duration::from_millis(round * 40)).await;
        let status = tokio::task::block_in_place(|| starting.end_by("TERM"));
        // Before anything is begun the system's own handling ends it.
        assert!(matches!(status.code(), Some(0) | None), "{round}: {status}");
    }
    let program = folder.start();
    program.client.get("/health/ready").await.expect(200);
    program.client.sign_up_and_confirm("ada@example.com").await;
    assert_eq!(program.end_by("TERM").code(), Some(0));
}
