//! Each token has a limit of its own, and counts in no session.

use kogents_domain::limits::{Limit, LimitRule};
use kogents_domain::time::Span;
use serde_json::Value;

use crate::support::{Answer, Backend, TestApp, on_both};

on_both!(
    s24_a_token_is_limited_by_itself_and_nobody_else_is,
    a_request_with_a_token_counts_in_no_session,
);

/// A server on which five requests a minute may be made in a session or with a token.
async fn limited(backend: &Backend) -> TestApp {
    let app = backend
        .start_with(|config| {
            let rules = config.limits.rules.clone();
            let limit = Limit::new(5, Span::from_secs(60));
            config.limits.rules = rules.with(LimitRule::GeneralSession, vec![limit]);
        })
        .await;
    app.stand_still();
    app
}

/// How many are left of a limit, by the answer's own account.
#[track_caller]
fn left(answer: &Answer) -> u32 {
    let policy = answer.header("ratelimit-policy").expect("the policy");
    assert!(policy.contains("\"general-session\";q=5;w=60"), "{policy}");
    let told = answer.header("ratelimit").expect("what is left");
    let (_, rest) = told.split_once("\"general-session\";r=").unwrap();
    let digits = rest.split(';').next().unwrap();
    digits.parse().unwrap()
}

async fn s24_a_token_is_limited_by_itself_and_nobody_else_is(backend: &Backend) {
    let app = limited(backend).await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    let eve = app.sign_up_and_confirm("eve@example.com").await;
    app.advance_secs(60);
    let workspace = format!("/workspace/{}", ada.workspace_id);
    let paths = ["/users", "/roles", "/permissions", &workspace];
    for number in 0..5_u32 {
        let path = paths[usize::try_from(number).unwrap() % 4];
        let answer = app.get_as(&ada.api_token, path).await;
        answer.expect(200);
        assert_eq!(left(&answer), 4 - number);
    }
    for path in paths {
        let refused = app.get_as(&ada.api_token, path).await;
        assert_eq!(refused.problem(429), "rate_limited");
        assert_eq!(refused.header("retry-after"), Some("12"));
        assert_eq!(left(&refused), 0);
    }
    // Neither the person nor another workspace's token has used anything of it.
    for token in [&ada.access_token, &eve.api_token] {
        let answer = app.get_as(token, "/users").await;
        answer.expect(200);
        assert_eq!(left(&answer), 4);
    }
    for _ in 0..4 {
        app.get_as(&ada.access_token, "/users").await.expect(200);
    }
    let refused = app.get_as(&ada.access_token, "/users").await;
    assert_eq!(refused.problem(429), "rate_limited");
    // One comes back in twelve seconds.
    app.advance_millis(11_999);
    app.get_as(&ada.api_token, "/users").await.expect(429);
    app.advance_millis(1);
    app.get_as(&ada.api_token, "/users").await.expect(200);
    app.get_as(&ada.api_token, "/users").await.expect(429);
}

/// What a session has counted of itself.
async fn counters(app: &TestApp, token: &str) -> Value {
    let listed = app.get_as(token, "/health/sessions").await.expect(200);
    let session = &listed["sessions"][0];
    let counted = |member: &str| (member.to_owned(), session[member].clone());
    Value::Object(
        [
            "totalRequests",
            "actionsPerformed",
            "pagesVisited",
            "lastActivityAt",
        ]
        .into_iter()
        .map(counted)
        .collect(),
    )
}

async fn a_request_with_a_token_counts_in_no_session(backend: &Backend) {
    let app = backend.start().await;
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.get_as(&ada.access_token, "/users").await.expect(200);
    let before = counters(&app, &ada.access_token).await;
    app.advance_secs(5);
    for path in ["/users", "/roles", "/permissions"] {
        app.get_as(&ada.api_token, path).await.expect(200);
    }
    assert_eq!(counters(&app, &ada.access_token).await, before);
    app.get_as(&ada.access_token, "/users").await.expect(200);
    assert_ne!(counters(&app, &ada.access_token).await, before);
}
