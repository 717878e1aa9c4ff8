//! Who is let in: the table decides, before anything else of the request is looked at.

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{self, TestRequest};
use actix_web::{App, HttpResponse, web};

use super::fixture::{TOKEN, ask, header, http, json, settings};
use crate::access::{Access, admit};
use crate::limits::RouteLimit;
use crate::middleware::pass_aside;
use crate::routes;

fn signed_in_routes() -> Vec<(Method, String)> {
    routes::served(&http(settings()))
        .into_iter()
        .filter(|entry| entry.access == Access::SignedIn)
        .map(|entry| (entry.method, entry.path.replace("{token}", "current")))
        .collect()
}

#[actix_web::test]
async fn s21_routes_for_the_signed_in_refuse_everybody_else() {
    let routes = signed_in_routes();
    assert!(!routes.is_empty());
    for (method, path) in routes {
        let request = || TestRequest::default().method(method.clone()).uri(&path);
        let nobody = ask(request()).await;
        assert_eq!(nobody.status().as_u16(), 401, "{method} {path}");
        assert_eq!(header(&nobody, "www-authenticate"), "Bearer");
        assert_eq!(json(nobody).await["code"], "unauthenticated");

        for bad in ["Bearer", "Bearer forged", "Bearer a b"] {
            let refused = ask(request().insert_header(("authorization", bad))).await;
            assert_eq!(refused.status().as_u16(), 401, "{bad}");
            assert_eq!(
                header(&refused, "www-authenticate"),
                "Bearer error=\"invalid_token\""
            );
            assert_eq!(json(refused).await["code"], "invalid_token");
        }

        let twice = request()
            .append_header(("authorization", format!("Bearer {TOKEN}")))
            .append_header(("authorization", format!("Bearer {TOKEN}")));
        assert_eq!(json(ask(twice).await).await["code"], "invalid_token");
    }
}

#[actix_web::test]
async fn a_token_in_the_query_is_ignored() {
    let uri = format!("/health/sessions?access_token={TOKEN}&token={TOKEN}");
    let response = ask(TestRequest::get().uri(&uri)).await;
    let body = json(response).await;
    assert_eq!(body["code"], "unauthenticated");
    assert_eq!(body["instance"], "/health/sessions");
}

#[actix_web::test]
async fn a_genuine_token_reaches_the_handler() {
    for (method, path) in signed_in_routes() {
        let request = TestRequest::default()
            .method(method)
            .uri(&path)
            .insert_header(("authorization", format!("bearer {TOKEN}")));
        let response = ask(request).await;
        if matches!(response.status().as_u16(), 400 | 403 | 415) {
            // The handler ran, and misses its body, a parameter or the password.
            continue;
        }
        // The handler ran, and the fixture's store is away.
        assert_eq!(response.status().as_u16(), 503, "{path}");
        assert_ne!(header(&response, "retry-after"), "");
        assert_eq!(json(response).await["code"], "unavailable");
    }
}

#[actix_web::test]
async fn the_token_is_judged_before_the_query() {
    let request = || TestRequest::get().uri("/health/sessions?limit=0");
    assert_eq!(json(ask(request()).await).await["code"], "unauthenticated");
    let with_token = request().insert_header(("authorization", format!("Bearer {TOKEN}")));
    assert_eq!(
        json(ask(with_token).await).await["code"],
        "validation_failed"
    );
}

async fn panics() -> HttpResponse {
    assert!(std::hint::black_box(false), "no such luck");
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn r9_a_handler_that_panics_is_a_500() {
    let app = App::new()
        .route(
            "/panics",
            web::get().to(panics).wrap(from_fn(|request, next| {
                admit(Access::Public, RouteLimit::Unlimited, request, next)
            })),
        )
        .wrap(from_fn(pass_aside));
    let app = test::init_service(app).await;
    let request = TestRequest::get().uri("/panics").to_request();
    let response = test::call_service(&app, request).await;
    assert_eq!(response.status().as_u16(), 500);
    let body = json(response).await;
    assert_eq!(body["code"], "internal");
    assert!(!body.to_string().contains("luck"));
}
