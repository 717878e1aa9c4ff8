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
             X-Platform, X-Device-ID, X-API-Key",
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
async fn answers_and_errors_are_readable_by_an_allowed_origin() {
    for path in ["/health", "/nothing", "/health/sessions"] {
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("origin", ALLOWED));
        let response = ask(request).await;
        assert_eq!(header(&response, "access-control-allow-origin"), ALLOWED);
        assert_eq!(
            header(&response, "access-control-allow-credentials"),
            "true"
        );
        assert_eq!(
            header(&response, "access-control-expose-headers"),
            "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy"
        );
        assert_eq!(header(&response, "vary"), "Origin");
    }
}

#[actix_web::test]
async fn without_an_origin_only_vary_is_said() {
    let response = ask(TestRequest::get().uri("/health")).await;
    assert_eq!(header(&response, "vary"), "Origin");
    assert_eq!(header(&response, "access-control-allow-origin"), "");
}

#[actix_web::test]
async fn in_development_the_own_machine_is_allowed() {
    let mut development = settings();
    development.development = true;
    let origin = "http://localhost:5173";
    let response = call(http(development), preflight(origin)).await;
    assert_eq!(header(&response, "access-control-allow-origin"), origin);
}
