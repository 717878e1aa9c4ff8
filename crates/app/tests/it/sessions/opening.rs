//! Further sessions of one person, and how many there may be.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::CHROME_ON_MAC;
use crate::support::{Account, Backend, TestApp, on_both};

on_both!(
    a_further_session_has_tokens_of_its_own_and_leaves_the_callers_alone,
    the_one_idle_longest_gives_way_whatever_is_flushed,
);

async fn open(app: &TestApp, account: &Account, body: Value) -> Value {
    let request = app.request(Method::POST, "/auth/session").json(&body);
    let request = request.header("user-agent", CHROME_ON_MAC);
    let answer = app.send(request.bearer_auth(&account.access_token)).await;
    assert_eq!(answer.refresh_cookie(), None);
    answer.expect(201)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn a_further_session_has_tokens_of_its_own_and_leaves_the_callers_alone(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let body = json!({ "sessionType": "MOBILE", "utmSource": "app", "countryCode": "DE" });
    let opened = open(&app, &account, body).await;
    let session = &opened["session"];
    assert_eq!(session["sessionType"], "MOBILE");
    assert_eq!(session["userId"], account.user_id);
    assert_eq!(session["workspaceId"], account.workspace_id);
    assert_eq!(session["isCurrent"], false);
    assert_eq!(session["utmSource"], "app");
    assert_eq!(session["deviceName"], "Chrome on macOS");
    assert_eq!(opened["token_type"], "Bearer");
    assert_eq!(opened["expiresIn"], 900);

    let current = app.current(text(&opened["access_token"])).await;
    assert_eq!(current["id"], session["id"]);
    let rotated = app
        .refresh(text(&opened["refresh_token"]))
        .await
        .expect(200);
    assert_ne!(rotated["refresh_token"], opened["refresh_token"]);

    // The caller's own goes on, and ending the new one ends that one only.
    let own = app.current(&account.access_token).await;
    assert_eq!(own["id"], account.session_id);
    let path = format!("/health/sessions/{}", text(&session["id"]));
    app.delete_as(&account.access_token, &path)
        .await
        .expect(200);
    let over = app.get_as(text(&opened["access_token"]), "/health/sessions");
    assert_eq!(over.await.problem(401), "invalid_token");
    app.refresh(&account.refresh_token).await.expect(200);

    assert_eq!(
        open(&app, &account, json!({})).await["session"]["sessionType"],
        "WEB"
    );
    let wrong = app.request(Method::POST, "/auth/session");
    let wrong = wrong.json(&json!({ "sessionType": "FRIDGE" }));
    let answer = app.send(wrong.bearer_auth(&account.access_token)).await;
    assert_eq!(answer.problem(400), "validation_failed");
    assert_eq!(answer.json()["errors"][0]["code"], "INVALID_ENUM_VALUE");
}

async fn the_one_idle_longest_gives_way_whatever_is_flushed(backend: &Backend) {
    // What was counted stays in the cache for as long as the test lasts.
    let app = backend
        .start_with(|config| {
            config.sizes.sessions_per_user = 3;
            config.sizes.activity_flush = kogents_domain::time::Span::from_secs(3_600);
        })
        .await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.advance_secs(10);
    let second = open(&app, &account, json!({})).await;
    app.advance_secs(10);
    let third = open(&app, &account, json!({})).await;
    app.advance_secs(10);
    // By their rows the first is idle longest; in truth it is the third.
    for token in [account.access_token.as_str(), text(&second["access_token"])] {
        app.ordinary(token).await.expect(200);
    }
    app.advance_secs(10);
    let fourth = open(&app, &account, json!({})).await;

    let over = app.ordinary(text(&third["access_token"])).await;
    assert_eq!(over.problem(401), "invalid_token");
    for token in [
        account.access_token.as_str(),
        text(&second["access_token"]),
        text(&fourth["access_token"]),
    ] {
        app.ordinary(token).await.expect(200);
    }
    let path = "/health/sessions?all=true";
    let all = app.get_as(&account.access_token, path).await.expect(200);
    assert_eq!(all["total"], 4);
    let ended: Vec<_> = all["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|session| session["isActive"] == false)
        .map(|session| (session["id"].clone(), session["endReason"].clone()))
        .collect();
    assert_eq!(ended, [(third["session"]["id"].clone(), json!("replaced"))]);
}
