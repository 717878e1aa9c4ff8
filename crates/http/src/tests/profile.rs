//! `/users/profile`: reading it over a store that is there, and what is refused before any store.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use kogents_domain::auth::User;
use kogents_testkit::builders::a_user;
use kogents_testkit::fake_store::FakeStore;
use serde_json::{Value, json};

use super::fixture::{TOKEN, ask, call, header, http_over, json, settings};

/// Asks for the profile, with the session of the fixture that is in no workspace.
async fn profile(user: Option<User>) -> ServiceResponse {
    let store = FakeStore::new();
    store.expect_read(|unit| {
        unit.users.expect_find().return_once(|_| Ok(user));
    });
    let request = TestRequest::get()
        .uri("/users/profile")
        .insert_header(("authorization", format!("Bearer {TOKEN}")));
    call(http_over(settings(), Arc::new(store)), request).await
}

#[actix_web::test]
async fn a_person_is_told_who_they_are() {
    let user = a_user().email("ada@example.com").build();
    let id = user.id.to_string();
    let answer = profile(Some(user)).await;
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let body = json(answer).await;
    assert_eq!(body["id"], id);
    assert_eq!(body["email"], "ada@example.com");
    assert_eq!(body["lastActiveAt"], "2024-09-22T10:13:20.000Z");
    assert_eq!(body["permissions"], json!([]));
}

#[actix_web::test]
async fn a_session_of_a_person_who_is_gone_is_nobodys() {
    let answer = profile(None).await;
    assert_eq!(answer.status().as_u16(), 401);
    let challenge = header(&answer, "www-authenticate");
    assert_eq!(challenge, "Bearer error=\"invalid_token\"");
    assert_eq!(json(answer).await["code"], "invalid_token");
}

fn change(method: Method, body: &Value) -> TestRequest {
    TestRequest::default()
        .method(method)
        .uri("/users/profile")
        .insert_header(("authorization", format!("Bearer {TOKEN}")))
        .set_json(body)
}

/// What is wrong with a body, and how.
async fn violations(body: &Value) -> Vec<(String, String)> {
    let answer = json(ask(change(Method::PUT, body)).await).await;
    assert_eq!(answer["code"], "validation_failed", "{body}");
    let text = |error: &Value, member: &str| error[member].as_str().unwrap().to_owned();
    let errors = answer["errors"].as_array().unwrap().iter();
    errors
        .map(|error| (text(error, "field"), text(error, "code")))
        .collect()
}

#[actix_web::test]
async fn s19_nothing_can_be_assigned_that_is_not_asked_for() {
    for name in [
        "id",
        "role",
        "role_name",
        "status",
        "workspaceId",
        "isAdmin",
        "permissions",
        "suspendedAt",
        "emailVerified",
        "passwordHash",
        "password_hash",
        "createdAt",
        "updatedAt",
        "signupId",
        "notifyNewDevice",
    ] {
        let body = json!({ "name": "Ada", (name): null });
        let expected = [(name.to_owned(), "UNKNOWN_FIELD".to_owned())];
        assert_eq!(violations(&body).await, expected);
    }
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_in_the_order_of_the_members() {
    let body = json!({
        "currentPassword": 7, "password": "short", "email": "nobody", "newDeviceMail": "yes",
        "language": "not a tag", "avatarUrl": "http://cdn.example.com/a.png", "phone": "123",
        "name": " ", "role": "admin",
    });
    let told = violations(&body).await;
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (field.as_str(), code.as_str()))
        .collect();
    let expected = [
        ("name", "INVALID_LENGTH"),
        ("phone", "INVALID_FORMAT"),
        ("avatarUrl", "INVALID_URL"),
        ("language", "INVALID_FORMAT"),
        ("newDeviceMail", "INVALID_TYPE"),
        ("email", "INVALID_EMAIL"),
        ("password", "INVALID_LENGTH"),
        ("currentPassword", "INVALID_TYPE"),
        ("role", "UNKNOWN_FIELD"),
    ];
    assert_eq!(told, expected);
}

#[actix_web::test]
async fn a_body_that_says_nothing_is_taken() {
    for body in [
        json!({}),
        json!({
            "name": null, "phone": null, "avatarUrl": null, "language": null,
            "newDeviceMail": null, "email": null, "password": null, "currentPassword": null,
        }),
        json!({ "phone": "", "newDeviceMail": false, "currentPassword": "" }),
    ] {
        let answer = ask(change(Method::PUT, &body)).await;
        // The handler ran, and the fixture's store is away.
        assert_eq!(json(answer).await["code"], "unavailable", "{body}");
    }
}

#[actix_web::test]
async fn an_account_is_not_deleted_without_a_password_or_a_session() {
    for body in [json!({}), json!({ "currentPassword": "" })] {
        let answer = json(ask(change(Method::DELETE, &body)).await).await;
        assert_eq!(answer["code"], "reauthentication_required", "{body}");
    }
    let nobody = TestRequest::delete().uri("/users/profile");
    let answer = json(ask(nobody).await).await;
    assert_eq!(answer["code"], "unauthenticated");
    let body = json!({ "currentPassword": "x", "password": "x" });
    let answer = json(ask(change(Method::DELETE, &body)).await).await;
    assert_eq!(answer["code"], "validation_failed");
}
