//! `POST /auth/verify/not-me`: hears that a sign-in was somebody else's.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::ReportNotMeCommand;

use super::MailedTokenBody;
use crate::body;
use crate::client_address::client_address;
use crate::input::preferred_language;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::DoneView;

problems!(ReportNotMeProblems: TokenInvalid);

/// Ends the session that the mail told of, and mails the link by which another password is chosen.
#[utoipa::path(
    post, path = "/auth/verify/not-me", tag = "Sign-in",
    request_body = MailedTokenBody,
    responses(
        (status = 200, description = "The session has ended, and a mail is on its way.",
            body = DoneView),
        ReportNotMeProblems,
    ),
)]
pub(crate) async fn report_not_me(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let command = ReportNotMeCommand {
        token: MailedTokenBody::read(&body)?,
        ip_address: client_address(&http, &request)?,
        language: preferred_language(request.headers()),
    };
    let report_not_me = http.use_cases.report_not_me.clone();
    http.run(async move { report_not_me.run(command).await })
        .await?;
    let message = "The session has ended. A mail to choose another password is on its way.";
    Ok(HttpResponse::Ok().json(DoneView::new(message)))
}
