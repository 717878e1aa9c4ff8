//! The published document against the server: what it says is refused is refused as it says.

use futures_util::stream::{self, StreamExt as _};
use reqwest::Method;
use serde_json::Value;

use crate::support::{Backend, on_both};

on_both!(
    every_refusal_that_the_document_promises_comes,
    all_violations_are_reported_at_once,
    the_document_names_every_route_and_its_access,
);

async fn every_refusal_that_the_document_promises_comes(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let document = app.get("/openapi.json").await.expect(200);
    let cases = kogents_http::walk::cases(&document);
    assert!(cases.len() > 200, "{}", cases.len());

    let failures: Vec<String> = stream::iter(cases)
        .map(|case| {
            let (app, token) = (&app, &account.access_token);
            async move {
                let method = Method::from_bytes(case.method.as_bytes()).unwrap();
                let (name, value) = kogents_http::walk::Case::HEADER;
                let mut request = app
                    .request(method, &kogents_http::walk::sample_path(&case.path))
                    .header(name, value)
                    .header("content-type", case.content_type)
                    .body(case.body.clone());
                if case.signed_in {
                    request = request.bearer_auth(token);
                }
                let answer = app.send(request).await;
                let body = answer.json();
                let first = &body["errors"][0];
                let violation = case
                    .expected
                    .violation
                    .as_ref()
                    .is_none_or(|(field, code)| {
                        first["field"] == **field && first["code"] == **code
                    });
                let kept = answer.status == case.expected.status
                    && body["code"] == case.expected.code
                    && violation;
                (!kept).then(|| format!("{} {}: {}", case.path, case.name, answer.text))
            }
        })
        .buffer_unordered(16)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

async fn all_violations_are_reported_at_once(backend: &Backend) {
    let app = backend.start().await;
    let body = serde_json::json!({
        "name": "<b>", "email": "no address", "password": "password1", "latitude": 91,
        "timezone": "Mars/Base", "isAdmin": true
    });
    let answer = app.post("/auth/signup", body).await;
    assert_eq!(answer.problem(400), "validation_failed");
    let errors = answer.json()["errors"].clone();
    let told: Vec<(&str, &str)> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["field"].as_str().unwrap(),
                error["code"].as_str().unwrap(),
            )
        })
        .collect();
    for expected in [
        ("name", "INVALID_FORMAT"),
        ("email", "INVALID_EMAIL"),
        ("password", "WEAK_PASSWORD"),
        ("latitude", "MAX_VALUE"),
        ("longitude", "REQUIRED_FIELD"),
        ("timezone", "INVALID_FORMAT"),
        ("isAdmin", "UNKNOWN_FIELD"),
    ] {
        assert!(told.contains(&expected), "{expected:?} is not in {told:?}");
    }
    assert_eq!(told.len(), 7);
    assert!(!answer.text.contains("Mars/Base") && !answer.text.contains("password1"));
}

async fn the_document_names_every_route_and_its_access(backend: &Backend) {
    let app = backend.start().await;
    let document = app.get("/openapi.json").await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            let concrete = kogents_http::walk::sample_path(path);
            let answer = app.send(app.request(method.clone(), &concrete)).await;
            assert_ne!(answer.status, 405, "{method} {path}");
            let needs_token = kogents_http::walk::needs_token(operation);
            assert_eq!(
                answer.status == 401 && answer.json()["code"] == "unauthenticated",
                needs_token,
                "{method} {path}: {}",
                answer.text
            );
            let stated = operation["responses"].get(answer.status.to_string());
            assert_ne!(
                stated.unwrap_or(&Value::Null),
                &Value::Null,
                "{method} {path} {}",
                answer.status
            );
        }
    }
}
