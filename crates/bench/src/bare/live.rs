//! The ceiling of `GET /health/live`.

use actix_web::HttpResponse;
use serde::Serialize;

#[derive(Serialize)]
struct Live {
    status: &'static str,
}

/// Answers what the server answers.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Live { status: "live" })
}
