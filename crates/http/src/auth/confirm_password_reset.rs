//! `POST /auth/verify/confirm-password-reset`: replaces a password by way of a mailed link.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::ConfirmPasswordResetCommand;

use super::ConfirmPasswordResetBody;
use crate::body;
use crate::client_address::client_address;
use crate::input::preferred_language;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::DoneForAddressView;

problems!(ConfirmPasswordResetProblems: ResetTokenInvalid);

/// Replaces the password and ends every session of the account.
#[utoipa::path(
    post, path = "/auth/verify/confirm-password-reset", tag = "Sign-in",
    request_body = ConfirmPasswordResetBody,
    responses(
        (status = 200, description = "The password is the new one, and every session has ended. \
                                      `email` is the account's.",
            body = DoneForAddressView),
        ConfirmPasswordResetProblems,
    ),
)]
pub(crate) async fn confirm_password_reset(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let (token, password) = ConfirmPasswordResetBody::read(&body)?;
    let command = ConfirmPasswordResetCommand {
        token,
        password,
        ip_address: client_address(&http, &request)?,
        language: preferred_language(request.headers()),
    };
    let confirm_password_reset = http.use_cases.confirm_password_reset.clone();
    let email = http
        .run(async move { confirm_password_reset.run(command).await })
        .await?;
    let message = "The password has been changed. Every session has ended.";
    Ok(HttpResponse::Ok().json(DoneForAddressView::new(message, &email)))
}
