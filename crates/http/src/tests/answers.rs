//! What single routes answer.

use actix_web::http::StatusCode;
use actix_web::test::{self, TestRequest};
use serde_json::{Value, json as value};

use super::fixture::{OneMail, ask, call, header, http, json, settings};

#[actix_web::test]
async fn a_valid_request_id_is_kept_and_named_in_the_problem() {
    let request = TestRequest::get()
        .uri("/nothing?secret=1")
        .insert_header(("x-request-id", "my-id/1"));
    let response = ask(request).await;
    assert_eq!(header(&response, "x-request-id"), "my-id/1");
    assert_eq!(
        header(&response, "content-type"),
        "application/problem+json"
    );
    assert_eq!(
        json(response).await,
        value!({
            "type": "/problems/not_found", "title": "Not found", "status": 404,
            "detail": "There is nothing here, or nothing that the caller may know of.",
            "instance": "/nothing", "code": "not_found", "requestId": "my-id/1",
            "statusCode": 404, "message": "Not found",
        })
    );
}

#[actix_web::test]
async fn health_is_told_in_the_documented_shape() {
    let response = ask(TestRequest::get().uri("/health")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let body = json(response).await;
    assert_eq!(body["status"], "healthy");
    assert_eq!(body["service"], "kogents-chat-backend");
    assert_eq!(body["uptimeSec"], 1_727_000_000);
    assert_eq!(body["timestamp"], "2024-09-22T10:13:20.000Z");
    assert_eq!(
        body["checks"]["database"],
        value!({"status": "up", "latencyMs": 0})
    );
    assert_eq!(body["checks"]["geoip"], value!({"status": "disabled"}));
}

#[actix_web::test]
async fn readiness_follows_migrations_tasks_and_stopping() {
    let ready = |http| call(http, TestRequest::get().uri("/health/ready"));
    assert_eq!(ready(http(settings())).await.status(), StatusCode::OK);

    let with_dead_task = http(settings());
    with_dead_task.readiness.task_down("mail");
    let response = ready(with_dead_task).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(json(response).await["checks"]["backgroundTasks"], false);

    let stopping = http(settings());
    stopping.readiness.set_stopping();
    let response = ready(stopping).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);

    let unmigrated = http(settings());
    let unmigrated = crate::Http {
        readiness: std::sync::Arc::new(crate::Readiness::new()),
        ..unmigrated
    };
    assert_eq!(
        ready(unmigrated).await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[actix_web::test]
async fn problems_are_explained_to_programs_and_to_people() {
    let response = ask(TestRequest::get().uri("/problems/slug_taken")).await;
    assert_eq!(json(response).await["status"], 409);
    let request = TestRequest::get()
        .uri("/problems/slug_taken")
        .insert_header(("accept", "text/html,*/*;q=0.8"));
    let page = ask(request).await;
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    let unknown = ask(TestRequest::get().uri("/problems/teapot")).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_documentation_comes_from_the_program() {
    let redirect = ask(TestRequest::get().uri("/docs")).await;
    assert_eq!(header(&redirect, "location"), "/docs/");
    for (file, kind) in [
        ("", "text/html"),
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("page.css", "text/css"),
    ] {
        let response = ask(TestRequest::get().uri(&format!("/docs/{file}"))).await;
        assert_eq!(response.status(), StatusCode::OK, "{file}");
        assert!(
            header(&response, "content-type").starts_with(kind),
            "{file}"
        );
    }
    let initializer = ask(TestRequest::get().uri("/docs/swagger-initializer.js")).await;
    let text = String::from_utf8(test::read_body(initializer).await.to_vec()).unwrap();
    assert!(text.contains("\"/openapi.json\""), "{text}");
    let missing = ask(TestRequest::get().uri("/docs/../Cargo.toml")).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}

async fn mailbox(uri: &str) -> actix_web::dev::ServiceResponse {
    let mut with_mailbox = http(settings());
    with_mailbox.mailbox = Some(std::sync::Arc::new(OneMail));
    call(with_mailbox, TestRequest::get().uri(uri)).await
}

#[actix_web::test]
async fn the_mailbox_tells_mails_and_codes() {
    let body = json(mailbox("/dev/mailbox.json?to=ada%40example.com").await).await;
    let message = &body["messages"][0];
    assert_eq!(message["otp"], "042917");
    assert_eq!(message["template"], "verification_code");
    assert_eq!(message["receivedAt"], "1970-01-01T00:00:00.000Z");
    let none = json(mailbox("/dev/mailbox.json?to=bob@example.com").await).await;
    assert_eq!(none["messages"], Value::Array(Vec::new()));
}

#[actix_web::test]
async fn s29_a_mail_cannot_break_out_of_the_mailboxs_page() {
    let response = mailbox("/dev/mailbox").await;
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(!policy.contains("script-src"), "{policy}");
    let page = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
    assert!(!page.contains("<script"), "{page}");
    assert_eq!(page.matches("</iframe>").count(), 1);
    assert!(page.contains("<iframe sandbox "));
}
