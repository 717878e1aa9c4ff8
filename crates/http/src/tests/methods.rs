//! Routes, methods, and what answers where there are none.

use actix_web::http::Method;
use actix_web::test::{self, TestRequest};

use super::fixture::{OneMail, ask, call, header, http, json, settings};
use super::walk;
use crate::routes;

fn request(method: &Method, path: &str) -> TestRequest {
    TestRequest::default()
        .method(method.clone())
        .uri(&walk::concrete(path))
}

#[actix_web::test]
async fn every_route_of_the_table_is_there() {
    let served = http(settings());
    for entry in routes::served(&served) {
        let response = ask(request(&entry.method, entry.path)).await;
        let status = response.status().as_u16();
        assert!(
            !matches!(status, 404 | 405 | 500),
            "{} {}: {status}",
            entry.method,
            entry.path
        );
    }
}

#[actix_web::test]
async fn every_path_refuses_other_methods_and_names_its_own() {
    let served = routes::served(&http(settings()));
    for entry in &served {
        let takes = |method: &Method| {
            let mut entries = served.iter();
            entries.any(|other| other.path == entry.path && other.method == *method)
        };
        let others = [
            Method::PUT,
            Method::TRACE,
            Method::from_bytes(b"BREW").unwrap(),
        ];
        for method in others.into_iter().filter(|method| !takes(method)) {
            let response = ask(request(&method, entry.path)).await;
            assert_eq!(response.status().as_u16(), 405, "{method} {}", entry.path);
            let allow = header(&response, "allow").to_owned();
            assert!(
                allow.split(", ").any(|name| name == entry.method.as_str()),
                "{allow} names {}",
                entry.method
            );
            assert_eq!(json(response).await["code"], "method_not_allowed");
        }
    }
}

#[actix_web::test]
async fn allow_lists_all_methods_of_a_path() {
    let response = ask(request(&Method::POST, "/health/sessions")).await;
    assert_eq!(header(&response, "allow"), "GET, HEAD, DELETE, OPTIONS");
    let response = ask(request(&Method::GET, "/auth/login")).await;
    assert_eq!(header(&response, "allow"), "POST, OPTIONS");
}

#[actix_web::test]
async fn options_without_a_preflight_tells_the_methods() {
    let response = ask(request(&Method::OPTIONS, "/health/sessions")).await;
    assert_eq!(response.status().as_u16(), 204);
    assert_eq!(header(&response, "allow"), "GET, HEAD, DELETE, OPTIONS");
}

#[actix_web::test]
async fn an_unknown_route_is_a_problem() {
    for path in [
        "/nothing",
        "/auth/login/",
        "//",
        "/auth/verify",
        "/HEALTH",
        "/%00",
    ] {
        let response = ask(TestRequest::get().uri(path)).await;
        assert_eq!(response.status().as_u16(), 404, "{path}");
        assert_eq!(
            header(&response, "content-type"),
            "application/problem+json"
        );
        let body = json(response).await;
        assert_eq!(body["code"], "not_found");
        assert_eq!(body["instance"], path);
    }
}

#[actix_web::test]
async fn the_mailbox_is_there_only_where_there_is_one() {
    for path in ["/dev/mailbox", "/dev/mailbox.json"] {
        assert_eq!(
            ask(TestRequest::get().uri(path)).await.status().as_u16(),
            404
        );
        let mut with_mailbox = http(settings());
        with_mailbox.mailbox = Some(std::sync::Arc::new(OneMail));
        let response = call(with_mailbox, TestRequest::get().uri(path)).await;
        assert_eq!(response.status().as_u16(), 200, "{path}");
    }
}

#[actix_web::test]
async fn head_is_taken_wherever_get_is() {
    for entry in routes::served(&http(settings())) {
        if entry.method != Method::GET {
            continue;
        }
        let by_get = ask(request(&Method::GET, entry.path)).await;
        let by_head = ask(request(&Method::HEAD, entry.path)).await;
        assert_eq!(by_get.status(), by_head.status(), "{}", entry.path);
        let get_length = test::read_body(by_get).await.len();
        assert!(get_length > 0 || entry.path == "/docs", "{}", entry.path);
    }
}
