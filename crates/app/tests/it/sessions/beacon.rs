//! What the frontend counts and reports.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Backend, TestApp, on_both};

on_both!(
    a_report_counts_pages_and_actions_and_is_no_request,
    a_page_that_goes_away_reports_by_its_cookie_as_plain_text,
    the_session_is_judged_before_the_body_and_nothing_is_counted_of_a_wrong_one,
    a_cookie_of_another_site_or_of_a_session_that_is_over_is_refused,
);

const PATH: &str = "/auth/session/activity";

async fn by_cookie(app: &TestApp, token: &str, body: &str, more: &[(&str, &str)]) -> Answer {
    let mut request = app
        .request(Method::POST, PATH)
        .header("cookie", format!("refreshToken={token}"))
        .header("content-type", "text/plain;charset=UTF-8")
        .body(body.to_owned());
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    app.send(request).await
}

async fn by_token(app: &TestApp, token: &str, body: serde_json::Value) -> Answer {
    let request = app.request(Method::POST, PATH).bearer_auth(token);
    app.send(request.json(&body)).await
}

async fn a_report_counts_pages_and_actions_and_is_no_request(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = &account.access_token;
    app.advance_secs(4);
    let report = json!({ "pages": 3, "actions": 1000 });
    by_token(&app, token, report).await.expect_status(204);
    by_token(&app, token, json!({ "pages": 1 }))
        .await
        .expect_status(204);
    // A report of nothing is a sign of life.
    app.advance_secs(2);
    let nothing = app.request(Method::POST, PATH).bearer_auth(token);
    app.send(nothing).await.expect_status(204);
    let session = app.current(token).await;
    assert_eq!(session["pagesVisited"], 4);
    assert_eq!(session["actionsPerformed"], 1_000);
    assert_eq!(session["totalRequests"], 0);
    assert_eq!(session["sessionDurationSec"], 6);
}

async fn a_page_that_goes_away_reports_by_its_cookie_as_plain_text(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let origin = app.facts().public_url.origin().ascii_serialization();
    let own = [("origin", origin.as_str())];
    let report = r#"{"pages":2}"#;
    let answer = by_cookie(&app, &account.refresh_token, report, &own).await;
    answer.expect_status(204);
    assert_eq!(answer.refresh_cookie(), None);
    // The cookie was read and not spent.
    app.refresh(&account.refresh_token).await.expect(200);
    let session = app.current(&account.access_token).await;
    assert_eq!(session["pagesVisited"], 2);
    assert_eq!(session["totalRequests"], 0);
}

async fn the_session_is_judged_before_the_body_and_nothing_is_counted_of_a_wrong_one(
    backend: &Backend,
) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let wrong = json!({ "pages": 1001, "actions": -1 });
    let answer = by_token(&app, "forged", wrong.clone()).await;
    assert_eq!(answer.problem(401), "invalid_token");
    let answer = by_token(&app, &account.access_token, wrong).await;
    assert_eq!(answer.problem(400), "validation_failed");
    let codes: Vec<_> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["MAX_VALUE", "MIN_VALUE"]);
    let half = app.request(Method::POST, PATH);
    let half = half
        .bearer_auth(&account.access_token)
        .body("{\"pages\":1}");
    let half = half.header("content-type", "application/xml");
    app.send(half).await.problem(415);
    let session = app.current(&account.access_token).await;
    assert_eq!(session["pagesVisited"], 0);
    let nobody = app.request(Method::POST, PATH).json(&json!({}));
    assert_eq!(app.send(nobody).await.problem(401), "unauthenticated");
}

async fn a_cookie_of_another_site_or_of_a_session_that_is_over_is_refused(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = &account.refresh_token;
    for foreign in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let answer = by_cookie(&app, token, "{}", &[foreign]).await;
        assert_eq!(answer.problem(403), "origin_not_allowed");
    }
    let native = by_cookie(&app, token, "{}", &[("x-client-type", "native")]).await;
    assert_eq!(native.problem(401), "unauthenticated");
    let forged = by_cookie(&app, &account.access_token, "{}", &[]).await;
    assert_eq!(forged.problem(401), "invalid_refresh_token");
    app.delete_as(&account.access_token, "/health/sessions/current")
        .await
        .expect(200);
    let over = by_cookie(&app, token, "{}", &[]).await;
    assert_eq!(over.problem(401), "invalid_refresh_token");
}
