//! `POST /auth/signup`: begins a signup.

use actix_web::{HttpRequest, HttpResponse, web};

use super::SignUpBody;
use crate::body;
use crate::input::preferred_language;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SignupView;

problems!(SignUpProblems: CacheUnavailable);

/// Begins a signup. An address that has an account gets the same answer.
#[utoipa::path(
    post, path = "/auth/signup", tag = "Signup",
    request_body = SignUpBody,
    responses(
        (status = 201, description = "A signup has begun; `sessionId` is its secret.",
            body = SignupView),
        SignUpProblems,
    ),
)]
pub(crate) async fn sign_up(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let read = SignUpBody::read(&body);
    let weak = match read.password() {
        // Without other faults the use case itself judges the password.
        Some((password, context)) if read.has_violations() => {
            let assess_password = http.use_cases.assess_password.clone();
            !http
                .run(async move { assess_password.run(&password, context).await })
                .await?
        }
        Some(_) | None => false,
    };
    let command = read.finish(
        weak,
        preferred_language(request.headers()),
        ledger(&request),
    )?;
    let sign_up = http.use_cases.sign_up.clone();
    let signed_up = http.run(async move { sign_up.run(command).await }).await?;
    Ok(HttpResponse::Created().json(SignupView::from(&signed_up)))
}
