//! `GET /openapi.json`: the published document.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};
use actix_web::web::Bytes;

use crate::middleware::STATIC;

/// It is the same for the life of the program.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(crate::openapi::openapi_json()));

/// Gives the document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "Pages",
    responses((status = 200, description = "This document.", body = Object,
        content_type = "application/json")),
)]
pub(crate) async fn openapi_document() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, STATIC))
        .content_type(ContentType::json())
        .body(DOCUMENT.clone())
}
