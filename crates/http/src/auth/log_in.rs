//! `POST /auth/login`: signs a person in.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::LogInCommand;

use super::{LogInBody, answer_signed_in};
use crate::body;
use crate::cookies::{is_native, refresh_cookie};
use crate::input::client;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SignedInView;

problems!(LogInProblems: InvalidCredentials);

/// Signs a person in with address and password.
#[utoipa::path(
    post, path = "/auth/login", tag = "Sign-in",
    params(("X-Client-Type" = Option<String>, Header,
        description = "`native`: the client cannot hold cookies; the refresh token is in bodies.",
        example = "native")),
    request_body = LogInBody,
    responses(
        (status = 200, description = "Signed in, in the workspace last used.",
            body = SignedInView,
            headers(("Set-Cookie" = String,
            description = "`refreshToken`, HttpOnly, SameSite=Strict, Path=/auth; not with \
                           `X-Client-Type: native`."))),
        LogInProblems,
    ),
)]
pub(crate) async fn log_in(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let input = LogInBody::read(&body)?;
    let native = is_native(&request);
    let command = LogInCommand {
        email: input.email,
        password: input.password,
        analytics: input.analytics,
        client: client(&http, &request)?,
        refresh_token: if native {
            None
        } else {
            refresh_cookie(request.headers())
        },
        ledger: ledger(&request),
    };
    let log_in = http.use_cases.log_in.clone();
    let signed_in = http.run(async move { log_in.run(command).await }).await?;
    let view = SignedInView::new(&signed_in, None, native, http.digester.as_ref());
    answer_signed_in(
        &http,
        HttpResponse::Ok().json(view),
        &signed_in.tokens,
        native,
    )
}
