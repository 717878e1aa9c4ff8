//! Cross-origin answers.

use actix_web::http::Method;
use actix_web::test::TestRequest;

use super::fixture::{ask, call, header, http, settings};

const ALLOWED: &str = "https://app.example.com";

fn preflight(origin: &str) -> TestRequest {
    TestRequest::default()
        .method(Method::OPTIONS)
        .uri("/auth/login")
        .insert_header(("origin", origin))
        .insert_header(("access-control-request-method", "POST"))
}

#[actix_web::test]
async fn a_preflight_of_an_allowed_origin_is_allowed_for_a_day() {
    let response = ask(preflight(ALLOWED)).await;
    assert_eq!(response.status().as_u16(), 204);
    for (name, value) in [
        ("access-control-allow-origin", ALLOWED),
        ("access-control-allow-credentials", "true"),
        (
            "access-control-allow-methods",
            "GET, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        (
            "access-control-allow-headers",
            "Authorization, Content-Type, Accept, Cache-Control, Pragma, Expires, Origin, \
             Idempotency-Key, X-Requested-With, X-Request-Id, X-Client-Type, X-Client-Version, \
             X-Platform, X-Device-ID, X-API-Key, Traceparent, Tracestate",
        ),
        ("access-control-max-age", "86400"),
        ("vary", "Origin"),
    ] {
        assert_eq!(header(&response, name), value, "{name}");
    }
}

#[actix_web::test]
async fn other_origins_are_allowed_nothing() {
    for origin in [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "https://app.example.com:444",
        "http://app.example.com",
        "http://localhost:5173",
        "null",
    ] {
        for request in [
            preflight(origin),
            TestRequest::get()
                .uri("/health")
                .insert_header(("origin", origin)),
        ] {
            let response = ask(request).await;
            assert_eq!(header(&response, "vary"), "Origin");
            assert!(
                !response
                    .headers()
                    .keys()
                    .any(|name| name.as_str().starts_with("access-control")),
                "{origin}"
            );
        }
    }
}

#[actix_web::test]
async fn in_development_the_own_machine_is_allowed_and_nothing_else_is() {
    for (origin, allowed) in [
        ("http://localhost:5173", true),
        ("http://localhost:3000", true),
        ("https://localhost:5173", false),
        ("http://localhost.evil.example", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let mut development = settings();
        development.development = true;
        let response = call(http(development), preflight(origin)).await;
        let said = header(&response, "access-control-allow-origin");
        assert_eq!(said, if allowed { origin } else { "" });
    }
}
