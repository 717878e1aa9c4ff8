//! Failed sign-ins: what counts, and who is let in all the same.

use futures_util::future::join_all;
use kogents_domain::limits::LimitRule::{LoginAccount, LoginAddress, LoginPair};
use reqwest::Method;
use serde_json::json;

use super::{client_address, from, limit, limited, log_in_from, wait_secs};
use crate::support::{Answer, Backend, Client, PASSWORD, Private, on_both};

on_both!(
    s24_only_failures_count_and_success_clears_the_pair,
    s24_over_the_limit_even_the_right_password_is_refused,
    s24_an_unknown_address_is_limited_alike,
    s24_of_parallel_guesses_no_more_are_compared_than_may_fail,
    s24_a_device_of_the_owner_is_not_locked_out_by_others,
);

const HERE: &str = "203.0.113.9";
const ADA: &str = "ada@example.com";

async fn log_in_with_cookie(client: &Client, cookie: &str, address: &str) -> Answer {
    let request = from(client, Method::POST, "/auth/login", address)
        .header("Cookie", format!("refreshToken={cookie}"))
        .json(&json!({ "email": ADA, "password": PASSWORD }));
    client.send(request).await
}

async fn s24_only_failures_count_and_success_clears_the_pair(backend: &Backend) {
    let app = limited(backend, &[LoginPair, LoginAccount, LoginAddress]).await;
    app.sign_up_and_confirm(ADA).await;
    for _ in 0..10 {
        log_in_from(&app, ADA, PASSWORD, HERE).await.expect(200);
    }
    for _ in 0..2 {
        for _ in 0..4 {
            let answer = log_in_from(&app, ADA, "wrong", HERE).await;
            assert_eq!(answer.problem(401), "invalid_credentials");
        }
        let answer = log_in_from(&app, ADA, PASSWORD, HERE).await;
        answer.expect(200);
        // The pair's is whole again; the eight failures still count against address and client.
        let told = answer.header("ratelimit").unwrap();
        assert!(told.contains(r#""login-pair";r=5"#), "{told}");
    }
    let answer = log_in_from(&app, ADA, "wrong", HERE).await;
    let told = answer.header("ratelimit").unwrap();
    assert!(told.contains(r#""login-account";r=21"#), "{told}");
    assert!(told.contains(r#""login-address";r=91"#), "{told}");
}

async fn s24_over_the_limit_even_the_right_password_is_refused(backend: &Backend) {
    let app = limited(backend, &[LoginPair]).await;
    app.sign_up_and_confirm(ADA).await;
    for _ in 0..5 {
        log_in_from(&app, ADA, "wrong", HERE).await.expect(401);
    }
    let refused = log_in_from(&app, ADA, PASSWORD, HERE).await;
    assert_eq!(wait_secs(&refused), 180);
    // From elsewhere the owner comes in, and here after the wait.
    log_in_from(&app, ADA, PASSWORD, "198.51.100.7")
        .await
        .expect(200);
    app.advance_secs(180);
    log_in_from(&app, ADA, PASSWORD, HERE).await.expect(200);
}

async fn s24_an_unknown_address_is_limited_alike(backend: &Backend) {
    let app = limited(backend, &[LoginPair, LoginAccount, LoginAddress]).await;
    app.sign_up_and_confirm(ADA).await;
    let mut answers = Vec::new();
    for (email, address) in [(ADA, HERE), ("nobody@example.com", "198.51.100.7")] {
        let mut told = Vec::new();
        for _ in 0..7 {
            let answer = log_in_from(&app, email, "wrong", address).await;
            let header = |name: &str| answer.header(name).map(str::to_owned);
            told.push((
                answer.status,
                header("retry-after"),
                header("ratelimit"),
                header("ratelimit-policy"),
            ));
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][4].0, 401);
    assert_eq!(answers[0][5].0, 429);
}

async fn s24_of_parallel_guesses_no_more_are_compared_than_may_fail(backend: &Backend) {
    let app = limited(backend, &[LoginPair]).await;
    app.sign_up_and_confirm(ADA).await;
    let guesses = (0..30).map(|n| {
        let app: &Client = &app;
        async move {
            log_in_from(app, ADA, &format!("wrong {n}"), HERE)
                .await
                .status
        }
    });
    let answers = join_all(guesses).await;
    let count = |status: u16| answers.iter().filter(|other| **other == status).count();
    assert_eq!((count(401), count(429)), (5, 25), "{answers:?}");
}

async fn s24_a_device_of_the_owner_is_not_locked_out_by_others(backend: &Backend) {
    let app = limited(backend, &[LoginPair, LoginAccount]).await;
    let ada = app.sign_up_and_confirm(ADA).await;
    let bob = app.sign_up_and_confirm("bob@example.com").await;
    // A sign-in that is long over still shows that the device is hers.
    app.post_native(
        "/auth/logout",
        json!({ "refresh_token": ada.refresh_token }),
    )
    .await
    .expect(204);
    for number in 0..30 {
        let answer = log_in_from(&app, ADA, "wrong", &client_address(number)).await;
        answer.expect(401);
    }
    let stranger = log_in_from(&app, ADA, PASSWORD, "203.0.113.1").await;
    wait_secs(&stranger);
    for token in [
        bob.refresh_token.as_str(),
        "forged",
        ada.access_token.as_str(),
    ] {
        wait_secs(&log_in_with_cookie(&app, token, "203.0.113.2").await);
    }
    let own = log_in_with_cookie(&app, &ada.refresh_token, "203.0.113.3").await;
    own.expect(200);
    // Whoever has her device has five guesses as everybody else.
    for _ in 0..5 {
        let request = from(&app, Method::POST, "/auth/login", "203.0.113.4")
            .header("Cookie", format!("refreshToken={}", ada.refresh_token))
            .json(&json!({ "email": ADA, "password": "wrong" }));
        app.send(request).await.expect(401);
    }
    wait_secs(&log_in_with_cookie(&app, &ada.refresh_token, "203.0.113.4").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_guesses_stay_limited_while_the_cache_is_away() {
    let Some(mut redis) = Private::redis() else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let app = backend
        .start_with(|config| limit(config, &[LoginPair, LoginAddress]))
        .await;
    app.sign_up_and_confirm(ADA).await;
    app.stand_still();
    redis.stop();
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(log_in_from(&app, ADA, "wrong", HERE).await.status);
    }
    assert_eq!(answers, [401, 401, 401, 429, 429]);
    // Nobody else is kept out.
    log_in_from(&app, ADA, PASSWORD, "198.51.100.7")
        .await
        .expect(200);
}
