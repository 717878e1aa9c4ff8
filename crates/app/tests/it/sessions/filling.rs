//! What a frontend tells of a session that is open already.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Backend, TestApp, on_both};

on_both!(
    the_first_value_of_the_frontend_stays,
    what_is_wrong_is_refused_and_changes_nothing,
    s19_a_client_sets_nothing_but_analytics,
);

async fn fill(app: &TestApp, token: &str, analytics: Value) -> Value {
    let request = app.request(Method::PATCH, "/auth/session");
    let answer = app.send(request.bearer_auth(token).json(&analytics)).await;
    answer.expect(200)["session"].clone()
}

async fn the_first_value_of_the_frontend_stays(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let token = &account.access_token;
    let first = json!({ "countryCode": "DE", "language": "de", "utmSource": "google" });
    let session = fill(&app, token, first).await;
    assert_eq!(session["id"], account.session_id);
    assert_eq!(session["isCurrent"], true);
    assert_eq!(session["countryCode"], "DE");
    assert_eq!(session["language"], "de");
    assert_eq!(session["geoSource"], "client");
    assert_eq!(session["channel"], "organic search");

    let second = json!({ "countryCode": "FR", "language": "fr", "utmSource": "bing",
        "utmMedium": "cpc", "latitude": 1, "longitude": 2, "timezone": "Europe/Paris" });
    let session = fill(&app, token, second).await;
    assert_eq!(session["countryCode"], "DE");
    assert_eq!(session["language"], "de");
    assert_eq!(session["utmSource"], "google");
    // What was missing came; what follows from it followed.
    assert_eq!(session["utmMedium"], "cpc");
    assert_eq!(session["channel"], "paid search");
    assert_eq!(session["latitude"], 1.0);
    assert_eq!(session["timezone"], "Europe/Paris");

    // Nothing told, nothing changed; and what was answered is what is kept.
    assert_eq!(fill(&app, token, json!({})).await["utmMedium"], "cpc");
    let kept = app.current(token).await;
    for member in [
        "countryCode",
        "language",
        "utmSource",
        "utmMedium",
        "channel",
    ] {
        assert_eq!(kept[member], session[member], "{member}");
    }
    // Other sessions of the person have their own.
    let other = app
        .log_in("ada@example.com", crate::support::PASSWORD)
        .await;
    assert_eq!(other.expect(200)["session"]["utmSource"], Value::Null);
}

async fn what_is_wrong_is_refused_and_changes_nothing(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let request = app.request(Method::PATCH, "/auth/session");
    let wrong = json!({ "latitude": 91, "countryCode": "XX", "utmSource": "x" });
    let answer = app
        .send(request.bearer_auth(&account.access_token).json(&wrong))
        .await;
    assert_eq!(answer.problem(400), "validation_failed");
    let fields: Vec<_> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["field"].clone(), error["code"].clone()))
        .collect();
    assert_eq!(
        fields,
        [
            (json!("countryCode"), json!("INVALID_FORMAT")),
            (json!("latitude"), json!("MAX_VALUE")),
            (json!("longitude"), json!("REQUIRED_FIELD")),
        ]
    );
    assert_eq!(
        app.current(&account.access_token).await["utmSource"],
        Value::Null
    );
    let nobody = app.request(Method::PATCH, "/auth/session").json(&json!({}));
    assert_eq!(app.send(nobody).await.problem(401), "unauthenticated");
}

async fn s19_a_client_sets_nothing_but_analytics(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    for member in [
        "id",
        "userId",
        "workspaceId",
        "sessionToken",
        "isBot",
        "totalRequests",
        "pagesVisited",
        "deviceFingerprint",
        "channel",
        "ipAddress",
        "endedAt",
    ] {
        for (method, path) in [
            (Method::PATCH, "/auth/session"),
            (Method::POST, "/auth/session"),
            (Method::POST, "/auth/session/activity"),
        ] {
            let request = app.request(method, path).bearer_auth(&account.access_token);
            let answer = app.send(request.json(&json!({ member: "x" }))).await;
            assert_eq!(answer.problem(400), "validation_failed", "{path} {member}");
            assert_eq!(answer.json()["errors"][0]["code"], "UNKNOWN_FIELD");
        }
    }
}
