//! `DELETE /health/sessions`: ends all of the caller's sessions but the current one.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::access::SignedInCaller;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::EndedSessionsView;

problems!(
    EndOtherSessionsProblems:
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Ends them and says how many.
#[utoipa::path(
    delete, path = "/health/sessions", tag = "Sessions",
    responses(
        (status = 200, description = "How many were ended.", body = EndedSessionsView),
        EndOtherSessionsProblems,
    ),
)]
pub(crate) async fn end_other_sessions(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let end_other_sessions = http.use_cases.end_other_sessions.clone();
    let ended = http
        .run(async move { end_other_sessions.run(caller).await })
        .await?;
    Ok(HttpResponse::Ok().json(EndedSessionsView { ended }))
}
