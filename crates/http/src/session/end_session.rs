//! `DELETE /health/sessions/{token}`: ends one of the caller's sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::session::EndSessionCommand;

use crate::access::SignedInCaller;
use crate::body;
use crate::cookies::{cleared_cookie, is_native};
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::EndedSessionView;

problems!(
    EndSessionProblems: NotFound,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Ends the session that a handle, an id or `current` names.
#[utoipa::path(
    delete, path = "/health/sessions/{token}", tag = "Sessions",
    params(("token" = String, Path,
        description = "A `sessionToken`, the id of a session, or `current`.", example = "current")),
    responses(
        (status = 200, description = "The session is over; one that was already is unchanged.",
            body = EndedSessionView,
            headers(("Set-Cookie" = String, description = "Clears `refreshToken` when it was the \
                                                           session of this request; not with \
                                                           `X-Client-Type: native`."))),
        EndSessionProblems,
    ),
)]
pub(crate) async fn end_session(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let command = EndSessionCommand {
        caller,
        reference: request.match_info().query("token").to_owned(),
    };
    let end_session = http.use_cases.end_session.clone();
    let record = http
        .run(async move { end_session.run(command).await })
        .await?;
    let mut answer = HttpResponse::Ok();
    if record.session.id == caller.session_id && !is_native(&request) {
        answer.cookie(cleared_cookie(&http.settings));
    }
    let view = EndedSessionView::new(&record, caller.session_id, http.digester.as_ref());
    Ok(answer.json(view))
}
