//! `GET /health/live`: the process answers.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi::sets;

/// The process answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct LiveView {
    /// Always `live`.
    #[schema(value_type = sets::LiveStatus)]
    status: &'static str,
}

/// Answers, whatever the process depends on does.
#[utoipa::path(
    get, path = "/health/live", tag = "Health",
    responses((status = 200, description = "The process answers.", body = LiveView)),
)]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(LiveView { status: "live" })
}
