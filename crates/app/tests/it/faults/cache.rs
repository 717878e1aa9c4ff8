//! R3, S16: the cache is away in every way that a network has. Guesses stay limited, whoever is
//! signed in is served, signups are told, nothing that is pending is lost, and what ended meanwhile
//! stays ended.

use std::time::{Duration, Instant};

use kogents::config::Config;
use kogents_domain::limits::{LimitRule, LimitRules};
use kogents_testkit::fault_proxy::{FaultProxy, Flow};
use serde_json::json;

use super::{Fault, IN_TIME, recovers};
use crate::support::{Account, Backend, Client, PASSWORD, Private};

/// How many wrong passwords one client may try at one address, within a quarter of an hour.
const GUESSES: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_that_refuses() {
    behind_a_proxy(Fault::Refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_that_swallows_everything() {
    behind_a_proxy(Fault::Swallowed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_that_nothing_reaches() {
    behind_a_proxy(Fault::Silent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_whose_answers_are_reset() {
    behind_a_proxy(Fault::Reset(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_whose_answers_are_cut() {
    behind_a_proxy(Fault::Cut(3)).await;
}

async fn behind_a_proxy(fault: Fault) {
    let Some((backend, _database, cache)) = Backend::behind_proxies().await else {
        return;
    };
    let strike = async || fault.strike(&cache).await;
    goes_away_and_comes_back(&backend, strike, async || cache.heal().await).await;
}

/// One that writes down what it is told before it answers, so that it has it after `kill -9`.
#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_that_is_killed_and_started_again() {
    let told = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(redis) = Private::redis_with(&told) else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let redis = std::cell::RefCell::new(redis);
    let strike = async || redis.borrow_mut().kill();
    goes_away_and_comes_back(&backend, strike, async || redis.borrow_mut().start()).await;
}

/// Passwords count as they do by default; nothing else is limited.
fn limit_guesses(config: &mut Config) {
    let rules = [LimitRule::LoginPair, LimitRule::LoginAccount];
    config.limits.rules = rules.into_iter().fold(LimitRules::off(), |limits, rule| {
        limits.with(rule, LimitRules::default_of(rule))
    });
}

/// How many of so many guesses are judged; the others are refused unseen.
async fn judged_of(app: &Client, email: &str, guesses: usize) -> usize {
    let mut judged = 0;
    for _ in 0..guesses {
        let asked = Instant::now();
        let answer = app.log_in(email, "not the password").await;
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        match answer.status {
            401 => judged += 1,
            _ => assert_eq!(answer.problem(429), "rate_limited"),
        }
    }
    judged
}

/// The session that somebody opens and the path it is ended by.
async fn opened(app: &Client, account: &Account) -> (String, String) {
    let signed_in = app.log_in(&account.email, PASSWORD).await.expect(200);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let id = text(&signed_in["session"]["id"]);
    let token = text(&signed_in["access_token"]);
    (token, format!("/health/sessions/{id}"))
}

async fn goes_away_and_comes_back(backend: &Backend, strike: impl AsyncFn(), heal: impl AsyncFn()) {
    let app = backend.start_with(limit_guesses).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let target = app.sign_up_and_confirm("eve@example.com").await;
    let token = account.access_token.as_str();
    let second = app.second().await;
    // One signup waits for its workspace and one for its code.
    let begun = app.sign_up("begun@example.com").await;
    let waiting = app.sign_up("waiting@example.com").await;
    app.choose_workspace(&waiting, "waiting").await;
    let body = json!({ "sessionId": waiting });
    let sent = app.post("/auth/verify/send-for-session", body).await;
    sent.expect(200);
    let code = crate::support::within(async || {
        for client in [&*app, &*second] {
            if let Some(code) = client.codes("waiting@example.com").await.pop() {
                return Some(code);
            }
        }
        None
    })
    .await;
    // Both servers know the session that is going to end.
    let (leaving, path) = opened(&app, &account).await;
    for client in [&*app, &*second] {
        client
            .get_as(&leaving, "/health/sessions")
            .await
            .expect(200);
    }

    strike().await;
    for client in [&*app, &*second] {
        for _ in 0..10 {
            let asked = Instant::now();
            client.get_as(token, "/health/sessions").await.expect(200);
            assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        }
    }
    app.delete_as(token, &path).await.expect(200);
    for client in [&*app, &*second] {
        let ended = client.get_as(&leaving, "/health/sessions").await;
        assert_eq!(ended.problem(401), "invalid_token");
    }
    let judged = judged_of(&app, &target.email, 20).await;
    assert!((1..=GUESSES).contains(&judged), "{judged}");
    // Every step of a signup says so, and asks to come back.
    let signup = json!({ "name": "Bob", "email": "bob@example.com", "password": PASSWORD });
    let workspace = json!({ "sessionId": begun, "name": "Engines", "slug": "begun" });
    let confirm = json!({ "sessionId": waiting, "code": code });
    for (step, body) in [
        ("/auth/signup", signup.clone()),
        ("/workspace", workspace.clone()),
        ("/auth/resume", json!({ "sessionId": begun })),
        (
            "/auth/verify/send-for-session",
            json!({ "sessionId": waiting }),
        ),
        ("/auth/verify/confirm-for-session", confirm.clone()),
    ] {
        let asked = Instant::now();
        let refused = app.post(step, body).await;
        assert_eq!(refused.problem(503), "cache_unavailable", "{step}");
        assert!(refused.header("retry-after").is_some(), "{step}");
        assert!(asked.elapsed() < IN_TIME, "{step}: {:?}", asked.elapsed());
    }
    // Signing in, going on and leaving do without.
    opened(&app, &account).await;
    app.refresh(&account.refresh_token).await.expect(200);
    let health = app.get("/health").await.expect(200);
    assert_eq!(health["status"], "degraded");
    app.get("/health/ready").await.expect(200);

    heal().await;
    let healed = Instant::now();
    for client in [&*app, &*second] {
        recovers("a signup", async || {
            client.post("/auth/signup", signup.clone()).await.status == 201
        })
        .await;
    }
    println!("{judged} guesses judged, back in {:.0?}", healed.elapsed());
    for client in [&*app, &*second] {
        let ended = client.get_as(&leaving, "/health/sessions").await;
        assert_eq!(ended.problem(401), "invalid_token");
        client.get_as(token, "/health/sessions").await.expect(200);
    }
    // What was pending is, with all that had come of it.
    app.post("/workspace", workspace).await.expect(201);
    let confirmed = second.post_native("/auth/verify/confirm-for-session", confirm);
    confirmed.await.expect(201);
    // And an outage was no time without limits.
    let more = judged_of(&app, &target.email, 20).await;
    assert!(more <= GUESSES, "{more}");
}

/// Slow is not away: everything goes on, and guesses are counted as always.
#[tokio::test(flavor = "multi_thread")]
async fn r3_a_cache_that_answers_late_is_a_cache() {
    let Some((backend, _database, cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend.start_with(limit_guesses).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    make_late(&cache);
    for _ in 0..3 {
        let sessions = app.get_as(&account.access_token, "/health/sessions");
        sessions.await.expect(200);
    }
    app.sign_up_and_confirm("bob@example.com").await;
    assert_eq!(judged_of(&app, &account.email, 8).await, GUESSES);
    let health = app.get("/health").await.expect(200);
    assert_eq!(health["status"], "healthy");
}

fn make_late(cache: &FaultProxy) {
    cache.to_client(Flow::Late {
        by: Duration::from_millis(300),
        jitter: Duration::from_millis(40),
    });
}
