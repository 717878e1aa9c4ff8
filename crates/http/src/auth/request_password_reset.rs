//! `POST /auth/verify/request-password-reset`: mails a link by which a new password is chosen.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::RequestPasswordResetCommand;

use super::RequestPasswordResetBody;
use crate::body;
use crate::input::preferred_language;
use crate::limits::ledger;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::DoneForAddressView;

/// Mails a link by which a new password is chosen, if the address has an account. The answer is
/// the same for every address.
#[utoipa::path(
    post, path = "/auth/verify/request-password-reset", tag = "Sign-in",
    request_body = RequestPasswordResetBody,
    responses(
        (status = 200, description = "If the address has an account, a mail is on its way. Its \
                                      link is good once, for an hour.",
            body = DoneForAddressView),
    ),
)]
pub(crate) async fn request_password_reset(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let email = RequestPasswordResetBody::read(&body)?;
    let command = RequestPasswordResetCommand {
        email: email.clone(),
        language: preferred_language(request.headers()),
        ledger: ledger(&request),
    };
    let request_password_reset = http.use_cases.request_password_reset.clone();
    http.run(async move { request_password_reset.run(command).await })
        .await?;
    let message = "If the address has an account, a mail is on its way.";
    Ok(HttpResponse::Ok().json(DoneForAddressView::new(message, &email)))
}
