//! S12: passwords are hashed a few at once, a few wait, and the others are told to come back.

use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use kogents_domain::auth::{EnteredPassword, HashError, PasswordHash};
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Backend, PASSWORD, TestApp, on_both};

on_both!(s12_hashing_is_bounded_and_what_is_too_much_is_told_to_wait);

/// Comparing with it takes the better part of a second.
const COSTLY: &str = "$argon2id$v=19$m=131072,t=10,p=1$c2l4dGVlbiBvY3RldHMhIQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

/// Has so many comparisons asked for, each by a task that waits for it.
async fn occupy(app: &TestApp, count: usize) -> Vec<tokio::task::JoinHandle<()>> {
    let entered = EnteredPassword::parse("a wrong password").unwrap();
    let mut waiting = Vec::new();
    for _ in 0..count {
        let (hasher, entered) = (app.adapters().hasher.clone(), entered.clone());
        waiting.push(tokio::spawn(async move {
            let hash = Some(PasswordHash::new(COSTLY));
            let verdict = hasher.verify(&entered, hash).await;
            assert!(verdict.is_ok() || verdict == Err(HashError::Busy));
        }));
    }
    // By then the first is being compared and the others wait, or were refused.
    tokio::time::sleep(Duration::from_millis(200)).await;
    waiting
}

/// Refused at once: whoever is made to wait instead is refused by the deadline of a request, which
/// is twice as long.
async fn is_told_to_wait(asks: impl Future<Output = Answer>) {
    let answer = tokio::time::timeout(Duration::from_secs(5), asks).await;
    let answer = answer.expect("the refusal comes at once");
    assert_eq!(answer.problem(503), "unavailable");
    let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

/// One at once, so that little is enough to fill it; the queue is as long as ever.
async fn s12_hashing_is_bounded_and_what_is_too_much_is_told_to_wait(backend: &Backend) {
    let app = backend
        .start_with(|config| config.sizes.password_hash_concurrency = 1)
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    // One that is compared and 64 that wait; what was refused at first finds no place either.
    let first = occupy(&app, 80).await;
    let second = occupy(&app, 2).await;

    // Right and wrong passwords, known and unknown addresses, and whoever signs up.
    is_told_to_wait(app.log_in("ada@example.com", PASSWORD)).await;
    is_told_to_wait(app.log_in("ada@example.com", "not the password")).await;
    is_told_to_wait(app.log_in("nobody@example.com", PASSWORD)).await;
    let body = json!({ "name": "Bob", "email": "bob@example.com", "password": PASSWORD });
    is_told_to_wait(app.post("/auth/signup", body)).await;
    // Whatever hashes nothing goes on.
    app.get("/health/live").await.expect(200);
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    app.refresh(&account.refresh_token).await.expect(200);

    // Clients that hang up free no place before its turn comes.
    let hung_up = (0..20).map(|_| {
        let request = app
            .request(Method::POST, "/auth/login")
            .json(&json!({ "email": "ada@example.com", "password": PASSWORD }))
            .timeout(Duration::from_millis(5));
        async move { request.send().await.is_err() }
    });
    join_all(hung_up).await;
    is_told_to_wait(app.log_in("ada@example.com", PASSWORD)).await;

    // Whoever no longer waits is skipped when the turn comes, and the door is open again.
    for task in first.iter().chain(&second) {
        task.abort();
    }
    let served = async {
        while app.log_in("ada@example.com", PASSWORD).await.status != 200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), served)
        .await
        .expect("sign-ins are served again");
}
