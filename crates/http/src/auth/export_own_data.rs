//! `GET /users/profile/export`: everything that is held on the caller.

use actix_web::body;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_DISPOSITION, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};

use super::export_stream::pieces;
use crate::access::SignedInCaller;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::{OwnDataView, rfc3339};

/// Gives everything that is held on the caller, in one document: all but the password's hash, which
/// is of no use to anybody but the server. It comes as it is read; one that is broken off is no
/// whole document.
#[utoipa::path(
    get, path = "/users/profile/export", tag = "Profile",
    responses((status = 200, description = "The document, as a file.", body = OwnDataView,
        headers(("Content-Disposition" = String,
            description = "`attachment`, with a name that has the day in it.")))),
)]
pub(crate) async fn export_own_data(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let read_own_data = http.use_cases.profile.read_own_data.clone();
    let own = http
        .run(async move { read_own_data.run(caller).await })
        .await?;
    let exported_at = rfc3339(own.at);
    let day = exported_at.split('T').next().unwrap_or_default();
    let disposition = format!("attachment; filename=\"kogents-export-{day}.json\"");
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(ContentType::json())
        .insert_header((CONTENT_DISPOSITION, disposition));
    // The library would read a stream to its end for HEAD too.
    if request.method() == Method::HEAD {
        return Ok(answer.body(body::None::new()));
    }
    Ok(answer.streaming(pieces(http, caller, own)))
}
