//! S15: no kind of token is taken where another belongs.

use serde_json::json;

use crate::support::{Backend, on_both};

on_both!(
    s15_every_kind_of_token_is_good_in_its_own_place_only,
    s15_a_token_in_the_query_is_ignored,
);

async fn s15_every_kind_of_token_is_good_in_its_own_place_only(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let signup = app.sign_up("bob@example.com").await;
    let listed = app
        .get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    let handle = listed["sessions"][0]["sessionToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let kinds = [
        ("access", &account.access_token),
        ("refresh", &account.refresh_token),
        ("signup", &signup),
        ("api", &account.api_token),
        ("handle", &handle),
        ("id", &account.session_id),
    ];
    for (kind, token) in kinds {
        if kind != "access" {
            let answer = app.get_as(token, "/health/sessions").await;
            assert_eq!(
                answer.problem(401),
                "invalid_token",
                "{kind} as access token"
            );
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
        }
        if kind != "refresh" {
            let answer = app.refresh(token).await;
            assert_eq!(
                answer.problem(401),
                "invalid_refresh_token",
                "{kind} as refresh token"
            );
        }
        if kind != "signup" {
            // A token longer than a signup's may ever be is a violation, any other unknown.
            let answer = app
                .post("/auth/resume", json!({ "sessionId": token }))
                .await;
            let code = answer.json()["code"].clone();
            let refused = (answer.status == 404 && code == "signup_not_found")
                || (answer.status == 400 && code == "validation_failed");
            assert!(refused, "{kind} as signup: {}", answer.text);
        }
    }
    // All of them are still what they were.
    app.get_as(&account.access_token, "/health/sessions")
        .await
        .expect(200);
    app.refresh(&account.refresh_token).await.expect(200);
    app.post("/auth/resume", json!({ "sessionId": signup }))
        .await
        .expect(200);
}

async fn s15_a_token_in_the_query_is_ignored(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let path = format!("/health/sessions?access_token={}", account.access_token);
    let answer = app.get(&path).await;
    assert_eq!(answer.problem(401), "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}
