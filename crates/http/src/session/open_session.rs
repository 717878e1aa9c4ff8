//! `POST /auth/session`: opens a further session for another client of the caller's.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::session::OpenSessionCommand;

use super::OpenSessionBody;
use crate::access::SignedInCaller;
use crate::body;
use crate::input::client;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::OpenedSessionView;

problems!(OpenSessionProblems: InvalidToken);

/// Opens it. The caller's session and cookie stay as they are; the new tokens are in the body.
#[utoipa::path(
    post, path = "/auth/session", tag = "Sessions",
    request_body = OpenSessionBody,
    responses(
        (status = 201, description = "The session is open. One more than may be live ends the one \
                                      that was idle longest.",
            body = OpenedSessionView),
        OpenSessionProblems,
    ),
)]
pub(crate) async fn open_session(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let (session_type, analytics) = OpenSessionBody::read(&body)?;
    let command = OpenSessionCommand {
        caller,
        session_type,
        analytics,
        client: client(&http, &request)?,
    };
    let open_session = http.use_cases.open_session.clone();
    let opened = http
        .run(async move { open_session.run(command).await })
        .await?;
    let view = OpenedSessionView::new(&opened, caller.session_id, http.digester.as_ref());
    Ok(HttpResponse::Created().json(view))
}
