//! What the answers of every route carry, good and bad, as browsers meet them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fixture::{http, settings};
use super::walk::{Answer, walk, walk_usual};
use crate::problem::Code;

const ALLOWED: &str = "https://app.example.com";

/// Answers that are the same for everybody.
fn is_static(answer: &Answer) -> bool {
    let path = answer.sample.path.as_str();
    let page = ["/docs", "/docs/", "/openapi.json"].contains(&path);
    (page || path.starts_with("/problems/"))
        && !answer.is_error()
        && answer.sample.method != "OPTIONS"
}

#[actix_web::test]
async fn the_walk_meets_every_status_that_does_not_need_a_store() {
    let answers = walk_usual(&[]).await;
    let met: BTreeSet<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    for status in [200, 204, 308, 400, 401, 404, 405, 413, 415, 500, 503] {
        assert!(met.contains(&status), "{status} is not among {met:?}");
    }
}

#[actix_web::test]
async fn every_answer_carries_a_request_id_and_the_security_headers() {
    for answer in walk_usual(&[]).await {
        let name = answer.name();
        assert_eq!(answer.header("x-request-id").len(), 36, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{name}");
        let corp = answer.header("cross-origin-resource-policy");
        assert_eq!(corp, "same-site", "{name}");
    }
}

#[actix_web::test]
async fn hsts_comes_on_every_answer_exactly_where_clients_come_by_https() {
    for (url, expected) in [
        ("http://localhost:3000", ""),
        ("https://api.example.com", "max-age=31536000"),
    ] {
        let mut settings = settings();
        settings.public_url = url.parse().unwrap();
        for answer in walk(http(settings), &[]).await {
            let hsts = answer.header("strict-transport-security");
            assert_eq!(hsts, expected, "{url} {}", answer.name());
        }
    }
}

#[actix_web::test]
async fn nothing_but_the_public_pages_may_be_kept_by_a_cache() {
    for answer in walk_usual(&[]).await {
        let expected = if is_static(&answer) {
            "public, max-age=3600"
        } else {
            "no-store"
        };
        assert_eq!(
            answer.header("cache-control"),
            expected,
            "{}",
            answer.name()
        );
    }
}

#[actix_web::test]
async fn only_html_pages_may_load_anything_and_only_from_here() {
    let mut pages = BTreeSet::new();
    for answer in walk_usual(&[("accept", "text/html")]).await {
        let name = answer.name();
        let policy = answer.header("content-security-policy");
        if !answer.header("content-type").starts_with("text/html") {
            assert_eq!(
                policy, "default-src 'none'; frame-ancestors 'none'",
                "{name}"
            );
            continue;
        }
        let path = answer.sample.path.split('?').next().unwrap();
        pages.insert(path.to_owned());
        for directive in policy.split(';') {
            let (what, sources) = directive.trim().split_once(' ').unwrap();
            for source in sources.split_whitespace() {
                let fits = match source {
                    "'none'" | "'self'" => true,
                    "'unsafe-inline'" => what == "style-src",
                    "data:" => what == "img-src",
                    _ => false,
                };
                assert!(fits, "{name}: {directive}");
            }
        }
        assert!(
            policy.starts_with("default-src 'none'; "),
            "{name}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{name}: {policy}"
        );
        let scripts = policy.contains("script-src");
        let with_script = [
            "/docs/",
            "/reset-password",
            "/confirm-email",
            "/not-me",
            "/accept-invitation",
        ];
        let path = answer.sample.path.split('?').next().unwrap();
        assert_eq!(scripts, with_script.contains(&path), "{name}: {policy}");
    }
    let expected = [
        "/",
        "/accept-invitation",
        "/confirm-email",
        "/dev/mailbox",
        "/docs/",
        "/not-me",
        "/problems/not_found",
        "/reset-password",
    ];
    assert_eq!(pages, expected.map(str::to_owned).into());
}

#[actix_web::test]
async fn every_error_is_a_problem_under_the_requests_id() {
    for answer in walk_usual(&[("x-request-id", "walk-1")]).await {
        let name = answer.name();
        assert_eq!(answer.header("x-request-id"), "walk-1", "{name}");
        if !answer.is_error() {
            assert_ne!(answer.header("content-type"), "application/problem+json");
            continue;
        }
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{name}"
        );
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let code = Code::from_name(body["code"].as_str().unwrap()).unwrap();
        assert_eq!(code.status(), answer.status, "{name}");
        assert_eq!(body["status"], answer.status.as_u16(), "{name}");
        assert_eq!(body["statusCode"], body["status"], "{name}");
        assert_eq!(body["message"], body["title"], "{name}");
        assert_eq!(
            body["type"],
            format!("/problems/{}", code.as_str()),
            "{name}"
        );
        assert_eq!(body["requestId"], "walk-1", "{name}");
        assert_eq!(body["instance"], answer.sample.path, "{name}");
        let has_errors = body.get("errors").is_some();
        assert_eq!(has_errors, code == Code::ValidationFailed, "{name}");
        assert_eq!(
            !answer.header("www-authenticate").is_empty(),
            answer.status == 401
        );
        assert_eq!(!answer.header("allow").is_empty(), answer.status == 405);
        assert_eq!(
            !answer.header("retry-after").is_empty(),
            answer.status == 503
        );
    }
}

#[actix_web::test]
async fn an_allowed_origin_reads_every_answer_and_the_headers_that_the_contract_lists() {
    for answer in walk_usual(&[("origin", ALLOWED)]).await {
        let name = answer.name();
        for (header, value) in [
            ("access-control-allow-origin", ALLOWED),
            ("access-control-allow-credentials", "true"),
            (
                "access-control-expose-headers",
                "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy",
            ),
        ] {
            assert_eq!(answer.header(header), value, "{name}");
        }
        assert!(varies_by_origin(&answer), "{name}");
        if answer.status == 403 {
            // For another reason than where it comes from.
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_ne!(body["code"], "origin_not_allowed", "{name}");
        }
    }
}

#[actix_web::test]
async fn no_other_origin_reads_any_answer() {
    let own_machine = "http://localhost:5173";
    for origin in [
        None,
        Some("https://evil.example"),
        Some("null"),
        Some(own_machine),
    ] {
        let header = origin.map(|origin| ("origin", origin));
        for answer in walk_usual(header.as_slice()).await {
            let name = answer.name();
            assert!(varies_by_origin(&answer), "{name}");
            let mut names = answer.headers.keys();
            assert!(
                !names.any(|name| name.as_str().starts_with("access-control")),
                "{origin:?} {name}"
            );
        }
    }
}

#[actix_web::test]
async fn every_path_answers_preflights_alike() {
    for (origin, allowed) in [
        (ALLOWED, true),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
        ];
        let answers = walk_usual(&preflight).await;
        let preflights = answers.iter().filter(|a| a.sample.method == "OPTIONS");
        let mut count = 0;
        for answer in preflights {
            count += 1;
            let name = answer.name();
            assert_eq!(answer.status, 204, "{name}");
            assert!(answer.body.is_empty(), "{name}");
            let said = |header| !answer.header(header).is_empty();
            assert_eq!(said("access-control-allow-origin"), allowed, "{name}");
            assert_eq!(said("access-control-allow-methods"), allowed, "{name}");
            assert_eq!(said("access-control-allow-headers"), allowed, "{name}");
            assert_eq!(said("access-control-max-age"), allowed, "{name}");
            assert!(varies_by_origin(answer), "{name}");
        }
        assert!(count > 20, "{count}");
    }
}

fn varies_by_origin(answer: &Answer) -> bool {
    let mut values = answer.headers.get_all("vary");
    values.any(|value| value == "Origin")
}
