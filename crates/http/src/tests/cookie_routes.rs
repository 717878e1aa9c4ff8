//! The routes that read the refresh cookie: whose pages may use them, and what they do to it.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json as value};

use super::fixture::{ask, call, header, http, json, settings};
use crate::openapi_json;

/// Every route that takes the cookie, by what the document says of it.
fn cookie_routes() -> Vec<String> {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let ways = item["post"]["security"].as_array().into_iter().flatten();
        if ways
            .into_iter()
            .any(|way| way.get("refreshCookie").is_some())
        {
            routes.push(path.clone());
        }
    }
    assert!(routes.len() >= 2, "{routes:?}");
    routes
}

fn with_cookie(path: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("cookie", "refreshToken=x.y.z"))
}

#[actix_web::test]
async fn a_foreign_page_is_refused_before_anything_else_is_looked_at() {
    for path in cookie_routes() {
        for (name, origin) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:5173"),
            ("origin", "https://app.example.com.evil.example"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let request = with_cookie(&path)
                .insert_header((name, origin))
                .insert_header(("content-type", "text/csv"))
                .set_payload("x");
            let response = ask(request).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path} {origin}");
            assert_eq!(header(&response, "set-cookie"), "", "{path} {origin}");
            assert_eq!(json(response).await["code"], "origin_not_allowed");
        }
    }
}

#[actix_web::test]
async fn pages_of_this_server_and_of_allowed_origins_and_programs_are_let_in() {
    for path in cookie_routes() {
        for header in [
            None,
            Some(("origin", "http://localhost:3000")),
            Some(("origin", "https://app.example.com")),
            Some(("sec-fetch-site", "same-origin")),
            Some(("sec-fetch-site", "same-site")),
            Some(("sec-fetch-site", "none")),
        ] {
            let mut request = with_cookie(&path);
            if let Some(header) = header {
                request = request.insert_header(header);
            }
            let status = ask(request).await.status();
            assert_ne!(status, StatusCode::FORBIDDEN, "{path} {header:?}");
        }
    }
}

#[actix_web::test]
async fn in_development_pages_on_the_own_machine_are_let_in() {
    for path in cookie_routes() {
        let mut development = settings();
        development.development = true;
        let request = with_cookie(&path).insert_header(("origin", "http://localhost:5173"));
        let status = call(http(development), request).await.status();
        assert_ne!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[actix_web::test]
async fn a_refresh_token_that_is_not_taken_is_cleared_with_the_problem() {
    let response = ask(with_cookie("/auth/refresh")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(header(&response, "set-cookie").starts_with("refreshToken=; "));
    assert_eq!(json(response).await["code"], "invalid_refresh_token");
}

#[actix_web::test]
async fn signing_out_of_nothing_is_done() {
    let response = ask(TestRequest::post().uri("/auth/logout")).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert!(header(&response, "set-cookie").contains("Max-Age=0"));
}

#[actix_web::test]
async fn native_clients_get_no_cookie_and_lose_none() {
    for (path, status) in [("/auth/refresh", 401), ("/auth/logout", 204)] {
        for body in [value!({}), value!({"refresh_token": "x.y.z"})] {
            let request = with_cookie(path)
                .insert_header(("x-client-type", "native"))
                .set_json(body);
            let response = ask(request).await;
            assert_eq!(response.status().as_u16(), status, "{path}");
            assert_eq!(header(&response, "set-cookie"), "", "{path}");
        }
    }
}
