//! `GET /users/profile` over a store that is there.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::test::TestRequest;
use kogents_domain::auth::User;
use kogents_testkit::builders::a_user;
use kogents_testkit::fake_store::FakeStore;

use super::fixture::{TOKEN, call, header, http_over, json, settings};

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
    assert_eq!(body["permissions"], serde_json::json!([]));
}

#[actix_web::test]
async fn a_session_of_a_person_who_is_gone_is_nobodys() {
    let answer = profile(None).await;
    assert_eq!(answer.status().as_u16(), 401);
    let challenge = header(&answer, "www-authenticate");
    assert_eq!(challenge, "Bearer error=\"invalid_token\"");
    assert_eq!(json(answer).await["code"], "invalid_token");
}
