//! R8: clients that are slow with a head, a body or an answer lose their connection and nothing
//! else; others are served meanwhile. With `KOGENTS_SLOW=1`, by the true figures.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use super::raw::Raw;
use crate::support::{Account, Backend, PASSWORD, TestApp, is_slow, on_both};

on_both!(r8_slow_heads_bodies_and_readers_do_not_stop_others);

const HEAD: Duration = Duration::from_secs(10);
const BODY: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(30);
/// What is more than the figures, on a machine that has other things to do.
const ALLOWANCE: Duration = Duration::from_secs(5);

/// Somebody who is served as always for so long.
async fn served_for(app: &TestApp, account: &Account, how_long: Duration) {
    let since = Instant::now();
    while since.elapsed() < how_long {
        app.get("/health/live").await.expect(200);
        let sessions = app.get_as(&account.access_token, "/health/sessions");
        sessions.await.expect(200);
        app.log_in(&account.email, PASSWORD).await.expect(200);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// One of four slow clients.
async fn slow(app: &TestApp, body: &str, n: usize) -> Raw {
    let mut client = Raw::connect(app.base()).await;
    let whole = Raw::post("/auth/login", body);
    let head = whole.len() - body.len();
    match n % 4 {
        // Half of a head.
        0 => client.send(&whole.as_bytes()[..head / 2]).await,
        // Half of the second head.
        1 => {
            client.send(Raw::get("/health/live").as_bytes()).await;
            assert_eq!(client.answer().await.unwrap().0, 200);
            client.send(&whole.as_bytes()[..head / 2]).await;
        }
        // Half of a body.
        2 => client.send(&whole.as_bytes()[..head + 5]).await,
        // Answers that are more than the system keeps for somebody who does not read.
        _ => {
            let document = Raw::get("/openapi.json");
            client.send(document.repeat(64).as_bytes()).await;
        }
    }
    client
}

async fn ends_in_time(n: usize, mut client: Raw, begun: Instant) {
    let limit = match n % 4 {
        0 | 1 => HEAD,
        2 => BODY,
        _ => ANSWER,
    };
    if n % 4 == 3 {
        // Not read until its time is over: then there is an end, in the middle of something.
        tokio::time::sleep(limit + ALLOWANCE).await;
        let (told, _) = client.rest().await;
        let answers = told.matches("HTTP/1.1 200").count();
        assert!(answers < 64, "all of it was answered");
        return;
    }
    let (told, _) = client.rest().await;
    let took = begun.elapsed();
    assert!(took < limit + ALLOWANCE, "{n}: {took:?}");
    match n % 4 {
        0 => assert!(told.starts_with("HTTP/1.1 408"), "{told}"),
        1 => assert_eq!(told, ""),
        _ => assert!(told.contains("request_timeout"), "{told}"),
    }
}

async fn r8_slow_heads_bodies_and_readers_do_not_stop_others(backend: &Backend) {
    let app = backend
        .start_with(|config| config.sizes.sessions_per_user = 1_000)
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let mut idle = Vec::new();
    for _ in 0..1_000 {
        idle.push(Raw::connect(app.base()).await);
    }
    let body = json!({ "email": account.email, "password": PASSWORD }).to_string();
    let slow: Vec<Raw> = join_all((0..40).map(|n| slow(&app, &body, n))).await;
    let begun = Instant::now();
    if !is_slow() {
        // That they end is waited for by the slow variant; here, that they stop nobody.
        served_for(&app, &account, Duration::from_secs(2)).await;
        return;
    }
    let ends = slow.into_iter().enumerate();
    let ends = join_all(ends.map(|(n, client)| ends_in_time(n, client, begun)));
    let idle = join_all(idle.iter_mut().map(Raw::rest));
    tokio::join!(ends, idle, served_for(&app, &account, BODY + ALLOWANCE));
}
