//! What answers say of limits, and where a limit stands in the order of checks.

use kogents_domain::limits::LimitRule::{self, GeneralAddress, SignupAddress};
use reqwest::Method;
use serde_json::{Value, json};

use super::{from, limited, post_from};
use crate::support::{Answer, Backend, PASSWORD, on_both};

on_both!(
    s24_what_the_document_says_is_limited_tells_its_limits_and_nothing_else_does,
    s24_a_limit_by_address_comes_before_token_and_body,
    s24_forged_tokens_are_not_tried_without_end,
    s24_every_429_of_codes_tells_its_limit,
);

fn tells(answer: &Answer) -> bool {
    let fields = ["ratelimit", "ratelimit-policy"].map(|name| answer.header(name).is_some());
    assert_eq!(fields[0], fields[1], "{answer:?}");
    fields[0]
}

async fn s24_what_the_document_says_is_limited_tells_its_limits_and_nothing_else_does(
    backend: &Backend,
) {
    let app = limited(backend, &LimitRule::ALL).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let document = app.get("/openapi.json").await.expect(200);
    let paths = document["paths"].as_object().unwrap();
    let mut limited = 0;
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let target = kogents_http::walk::sample_path(path);
            let request = app
                .request(method.clone(), &target)
                .bearer_auth(&account.access_token);
            let request = if method == Method::POST {
                request.json(&json!({}))
            } else {
                request
            };
            let documented =
                operation["responses"]["429"]["content"]["application/problem+json"]["examples"]
                    .get("rate_limited")
                    .is_some();
            // In production, where a token that is not it counts, and here no token is asked for.
            let documented = documented && operation["x-access"] != "health token";
            limited += usize::from(documented);
            assert_eq!(
                tells(&app.send(request).await),
                documented,
                "{method} {path}"
            );
        }
    }
    assert!(limited >= 14, "{limited}");
    // Without a token /health/sessions is refused and not counted; nor is a preflight.
    assert!(!tells(&app.get("/health/sessions").await));
    let preflight = app
        .request(Method::OPTIONS, "/auth/login")
        .header("Origin", "http://localhost:5173")
        .header("Access-Control-Request-Method", "POST");
    assert!(!tells(&app.send(preflight).await));
}

async fn s24_a_limit_by_address_comes_before_token_and_body(backend: &Backend) {
    let app = limited(backend, &[SignupAddress]).await;
    let here = "203.0.113.9";
    for _ in 0..20 {
        let answer = post_from(&app, "/auth/signup", &json!({}), here).await;
        assert_eq!(answer.problem(400), "validation_failed");
    }
    let request = from(&app, Method::POST, "/auth/signup", here).body("{ not json");
    assert_eq!(app.send(request).await.problem(429), "rate_limited");
    // Route and method come before it.
    let request = from(&app, Method::GET, "/auth/signup", here);
    assert_eq!(app.send(request).await.problem(405), "method_not_allowed");
}

async fn s24_forged_tokens_are_not_tried_without_end(backend: &Backend) {
    let app = limited(backend, &[GeneralAddress]).await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let ask = |token: String| {
        let request = from(&app, Method::GET, "/health/sessions", "203.0.113.9");
        app.send(request.bearer_auth(token))
    };
    for number in 0..300 {
        let answer = ask(format!("forged.{number}.token")).await;
        assert_eq!(answer.problem(401), "invalid_token", "{number}");
    }
    assert_eq!(ask("forged".to_owned()).await.problem(429), "rate_limited");
    // Whoever has a genuine token is not in the way of those who have none.
    ask(account.access_token.clone()).await.expect(200);
}

async fn s24_every_429_of_codes_tells_its_limit(backend: &Backend) {
    // With the limits of the table off, those of the codes themselves stay.
    let app = limited(backend, &[]).await;
    let body: Value = json!({ "name": "Ada", "email": "ada@example.com", "password": PASSWORD });
    app.post("/auth/signup", body).await.expect(201);
    let signup = app.sign_up("ada@example.com").await;
    app.choose_workspace(&signup, "engines").await;
    let code = app.send_code(&signup, "ada@example.com").await;
    let send = json!({ "sessionId": signup });
    let refused = app
        .post("/auth/verify/send-for-session", send.clone())
        .await;
    assert_eq!(refused.problem(429), "otp_resend_too_soon");
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_eq!(
        refused.header("ratelimit"),
        Some(r#""otp-resend";r=0;t=60"#)
    );

    let wrong = if code == "000000" { "000001" } else { "000000" };
    for round in 0..3 {
        for _ in 0..5 {
            let body = json!({ "sessionId": signup, "code": wrong });
            app.post("/auth/verify/confirm-for-session", body)
                .await
                .expect(400);
        }
        if round < 2 {
            app.advance_secs(60);
            app.post("/auth/verify/send-for-session", send.clone())
                .await
                .expect(200);
        }
    }
    let body = json!({ "sessionId": signup, "code": code });
    for (path, body) in [
        ("/auth/verify/confirm-for-session", body),
        ("/auth/verify/send-for-session", send),
    ] {
        let refused = app.post(path, body).await;
        assert_eq!(refused.problem(429), "otp_locked");
        let policy = refused.header("ratelimit-policy");
        assert_eq!(policy, Some(r#""confirm-email";q=15;w=86400"#));
    }
}
