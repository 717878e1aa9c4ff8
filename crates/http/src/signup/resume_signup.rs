//! `POST /auth/resume`: tells how far a signup has come.

use actix_web::{HttpRequest, HttpResponse, web};

use super::SignupReferenceBody;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::ResumedSignupView;

problems!(ResumeSignupProblems: SignupNotFound, CacheUnavailable);

/// Tells how far it has come and how long it lives.
#[utoipa::path(
    post, path = "/auth/resume", tag = "Signup",
    request_body = SignupReferenceBody,
    responses(
        (status = 200, description = "Where the signup stands.", body = ResumedSignupView),
        ResumeSignupProblems,
    ),
)]
pub(crate) async fn resume_signup(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let token = SignupReferenceBody::read(&body)?;
    let resume_signup = http.use_cases.resume_signup.clone();
    let resumed = http
        .run(async move { resume_signup.run(token).await })
        .await?;
    Ok(HttpResponse::Ok().json(ResumedSignupView::from(&resumed)))
}
