//! `POST /auth/verify/send-for-session`: mails a one-time code.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::signup::SendCodeCommand;

use super::SignupReferenceBody;
use crate::body;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::CodeSentView;

problems!(
    SendCodeProblems:
    SignupNotFound, WorkspaceRequired, OtpResendTooSoon, OtpLocked, CacheUnavailable
);

/// Queues a mail with a fresh code, which voids the one before.
#[utoipa::path(
    post, path = "/auth/verify/send-for-session", tag = "Signup",
    request_body = SignupReferenceBody,
    responses(
        (status = 200, description = "A code of six digits is on its way.", body = CodeSentView),
        SendCodeProblems,
    ),
)]
pub(crate) async fn send_code(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let command = SendCodeCommand {
        token: SignupReferenceBody::read(&body)?,
        ledger: ledger(&request),
    };
    let send_code = http.use_cases.send_code.clone();
    let sent = http
        .run(async move { send_code.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(CodeSentView::from(&sent)))
}
