//! `POST /auth/verify/confirm-email`: gives a person the address that its mailbox confirms.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::ConfirmEmailCommand;

use super::MailedTokenBody;
use crate::body;
use crate::client_address::client_address;
use crate::input::preferred_language;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::DoneForAddressView;

problems!(ConfirmEmailProblems: TokenInvalid);

/// Confirms a new address, which is the account's from now on, and ends its sessions but the one
/// that asked for the change.
#[utoipa::path(
    post, path = "/auth/verify/confirm-email", tag = "Sign-in",
    request_body = MailedTokenBody,
    responses(
        (status = 200, description = "The account has the new address.",
            body = DoneForAddressView),
        ConfirmEmailProblems,
    ),
)]
pub(crate) async fn confirm_email(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let command = ConfirmEmailCommand {
        token: MailedTokenBody::read(&body)?,
        ip_address: client_address(&http, &request)?,
        language: preferred_language(request.headers()),
    };
    let confirm_email = http.use_cases.confirm_email.clone();
    let email = http
        .run(async move { confirm_email.run(command).await })
        .await?;
    let message = "The address has been confirmed.";
    Ok(HttpResponse::Ok().json(DoneForAddressView::new(message, &email)))
}
