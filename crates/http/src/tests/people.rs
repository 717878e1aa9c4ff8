//! What the routes of members and invitations refuse before they ask the store.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::fixture::{MEMBER_TOKEN, TOKEN, ask, json};

const ID: &str = "0192f3c0-1111-7abc-8def-0123456789ab";

fn request(token: &str, method: Method, uri: &str) -> TestRequest {
    TestRequest::default()
        .method(method)
        .uri(uri)
        .insert_header(("authorization", format!("Bearer {token}")))
}

/// The routes that are about one person or invitation, and what each sends.
fn routes_of(id: &str) -> [(Method, String, Option<Value>); 7] {
    [
        (Method::GET, format!("/users/{id}"), None),
        (Method::PUT, format!("/users/{id}"), Some(json!({}))),
        (Method::DELETE, format!("/users/{id}"), None),
        (Method::PUT, format!("/users/{id}/activate"), None),
        (Method::PUT, format!("/users/{id}/deactivate"), None),
        (Method::POST, format!("/invitations/{id}/resend"), None),
        (Method::DELETE, format!("/invitations/{id}"), None),
    ]
}

async fn told(token: &str, (method, uri, body): (Method, String, Option<Value>)) -> Value {
    let mut request = request(token, method, &uri);
    if let Some(body) = body {
        request = request.set_json(body);
    }
    json(ask(request).await).await["code"].take()
}

#[actix_web::test]
async fn what_is_no_id_is_not_found_and_an_id_is_looked_up() {
    for bad in [
        "x",
        "0192f3c0-1111-4abc-8def-0123456789ab",
        "%00",
        "profile2",
    ] {
        for route in routes_of(bad) {
            let name = format!("{} {}", route.0, route.1);
            assert_eq!(told(MEMBER_TOKEN, route).await, "not_found", "{name}");
        }
    }
    for route in routes_of(ID) {
        let name = format!("{} {}", route.0, route.1);
        // The handler ran, and the fixture's store is away.
        assert_eq!(told(MEMBER_TOKEN, route).await, "unavailable", "{name}");
    }
}

#[actix_web::test]
async fn a_foreign_id_without_the_permission_is_forbidden() {
    for id in [ID, "x"] {
        for route in routes_of(id) {
            let name = format!("{} {}", route.0, route.1);
            assert_eq!(told(TOKEN, route).await, "permission_denied", "{name}");
        }
    }
    for uri in ["/users", "/users?page=0", "/invitations?cursor=x"] {
        let route = (Method::GET, uri.to_owned(), None);
        assert_eq!(told(TOKEN, route).await, "permission_denied", "{uri}");
    }
}

#[actix_web::test]
async fn s27_each_bad_parameter_of_the_list_is_named() {
    for (query, field, code) in [
        ("page=0", "page", "MIN_VALUE"),
        ("page=1e3", "page", "INVALID_TYPE"),
        ("limit=101", "limit", "MAX_VALUE"),
        ("status=active", "status", "INVALID_ENUM_VALUE"),
        ("sortBy=password_hash", "sortBy", "INVALID_ENUM_VALUE"),
        ("sortOrder=up", "sortOrder", "INVALID_ENUM_VALUE"),
        (
            "sortOrder=asc&sortOrder=desc",
            "sortOrder",
            "INVALID_FORMAT",
        ),
    ] {
        let uri = format!("/users?{query}");
        let answer = ask(request(MEMBER_TOKEN, Method::GET, &uri)).await;
        let body = json(answer).await;
        assert_eq!(body["code"], "validation_failed", "{query}");
        let errors = &body["errors"];
        assert_eq!(errors[0]["field"], field, "{query}");
        assert_eq!(errors[0]["code"], code, "{query}");
        assert_eq!(errors.as_array().unwrap().len(), 1, "{query}");
    }
    let good = "/users?page=9999999999999&limit=100&search=%20Grace&status=PENDING&role=agent\
                &sortBy=name&sortOrder=asc&unknown=1";
    let route = (Method::GET, good.to_owned(), None);
    assert_eq!(told(MEMBER_TOKEN, route).await, "unavailable");
}
