//! `PATCH /auth/session`: takes what the frontend tells of the session of this request.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::session::FillSessionCommand;

use super::FillSessionBody;
use crate::access::SignedInCaller;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::CurrentSessionView;

problems!(FillSessionProblems: InvalidToken);

/// Fills what the session does not have from its frontend yet. What the server derived gives way
/// to the frontend's first value; a frontend's value stays.
#[utoipa::path(
    patch, path = "/auth/session", tag = "Sessions",
    request_body = FillSessionBody,
    responses(
        (status = 200, description = "The session as it is now.", body = CurrentSessionView),
        FillSessionProblems,
    ),
)]
pub(crate) async fn fill_session(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let analytics = FillSessionBody::read(&body)?;
    let command = FillSessionCommand { caller, analytics };
    let fill_session = http.use_cases.fill_session.clone();
    let record = http
        .run(async move { fill_session.run(command).await })
        .await?;
    let view = CurrentSessionView::new(&record, http.digester.as_ref());
    Ok(HttpResponse::Ok().json(view))
}
