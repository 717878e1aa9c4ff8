//! `GET /openapi.json`: the published document.

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentType};
use actix_web::web::{self, Bytes};

use crate::middleware::STATIC;
use crate::openapi::json_of;
use crate::routes;
use crate::state::Http;

// Either is the same for the life of the program.
static WITH_MAILBOX: OnceLock<Bytes> = OnceLock::new();
static WITHOUT_MAILBOX: OnceLock<Bytes> = OnceLock::new();

/// Gives the document of the routes that this server has.
#[utoipa::path(
    get, path = "/openapi.json", tag = "Pages",
    responses((status = 200, description = "This document.", body = Object,
        content_type = "application/json")),
)]
pub(crate) async fn openapi_document(http: web::Data<Http>) -> HttpResponse {
    let made = if http.mailbox.is_some() {
        &WITH_MAILBOX
    } else {
        &WITHOUT_MAILBOX
    };
    let document = made.get_or_init(|| Bytes::from(json_of(routes::served(&http))));
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, STATIC))
        .content_type(ContentType::json())
        .body(document.clone())
}
