//! `GET /docs`: Swagger UI, from the program itself.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use utoipa_swagger_ui::Config;

use super::accept_invitation;
use super::html::{STYLE_SHEET, STYLE_SHEET_NAME};
use super::mailed_link;
use crate::middleware::STATIC;
use crate::openapi::problems;
use crate::problem::{Code, Problem};

/// Only itself; Swagger UI puts styles on the elements it makes.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    Arc::new(
        Config::new(["/openapi.json"])
            .display_request_duration(true)
            .persist_authorization(false)
            // Without a validator no address of the document is sent anywhere.
            .validator_url("none"),
    )
});

/// Sends whoever asks for `/docs` to `/docs/`, so that the page finds its files.
#[utoipa::path(
    get, path = "/docs", tag = "Pages",
    responses((status = 308, description = "To `/docs/`.")),
)]
pub(crate) async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .insert_header((header::CACHE_CONTROL, STATIC))
        .finish()
}

problems!(DocsProblems: NotFound);

/// Gives the page and its files.
#[utoipa::path(
    get, path = "/docs/{file}", tag = "Pages",
    params(("file" = String, Path, description = "A file of the page; empty for the page itself.",
        example = "swagger-ui.css")),
    responses(
        (status = 200, description = "The page or one of its files.", content(
            (String = "text/html"),
            (String = "text/css"),
            (String = "text/javascript"),
            ("image/png"),
        )),
        DocsProblems,
    ),
)]
pub(crate) async fn docs(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let name = request.match_info().query("file");
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, STATIC));
    if name == STYLE_SHEET_NAME {
        return Ok(answer.content_type("text/css").body(STYLE_SHEET));
    }
    let script = match name {
        mailed_link::SCRIPT_NAME => Some(mailed_link::SCRIPT),
        accept_invitation::SCRIPT_NAME => Some(accept_invitation::SCRIPT),
        _ => None,
    };
    if let Some(script) = script {
        return Ok(answer.content_type("text/javascript").body(script));
    }
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG))
        .map_err(|error| Problem::new(Code::Internal).cause(error))?
        .ok_or_else(|| Problem::new(Code::NotFound))?;
    if file.content_type.starts_with("text/html") {
        answer.insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    }
    Ok(answer
        .content_type(file.content_type)
        .body(file.bytes.into_owned()))
}
