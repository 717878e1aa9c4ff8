//! `POST /auth/verify/confirm-for-session`: turns a signup into an account.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::signup::ConfirmCodeCommand;

use super::ConfirmCodeBody;
use crate::auth::answer_signed_in;
use crate::body;
use crate::cookies::is_native;
use crate::input::client;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SignedInView;

problems!(
    ConfirmCodeProblems:
    OtpInvalid, OtpExhausted, OtpExpired, OtpLocked, SignupNotFound, SlugTaken,
    ConfirmationInProgress, CacheUnavailable
);

/// Confirms the code, makes person and workspace, and signs the person in.
#[utoipa::path(
    post, path = "/auth/verify/confirm-for-session", tag = "Signup",
    params(("X-Client-Type" = Option<String>, Header,
        description = "`native`: the client cannot hold cookies; the refresh token is in bodies.",
        example = "native")),
    request_body = ConfirmCodeBody,
    responses(
        (status = 201, description = "The account and its workspace exist, and the person is \
                                      signed in. `apiToken` is shown this once.",
            body = SignedInView,
            headers(("Set-Cookie" = String,
            description = "`refreshToken`, HttpOnly, SameSite=Strict, Path=/auth; not with \
                           `X-Client-Type: native`."))),
        ConfirmCodeProblems,
    ),
)]
pub(crate) async fn confirm_code(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let (token, code) = ConfirmCodeBody::read(&body)?;
    let command = ConfirmCodeCommand {
        token,
        code,
        client: client(&http, &request)?,
        ledger: ledger(&request),
    };
    let confirm_code = http.use_cases.confirm_code.clone();
    let confirmed = http
        .run(async move { confirm_code.run(command).await })
        .await?;
    let native = is_native(&request);
    let view = SignedInView::new(
        &confirmed.signed_in,
        Some(&confirmed.api_token),
        native,
        http.digester.as_ref(),
    );
    let tokens = &confirmed.signed_in.tokens;
    answer_signed_in(
        &http,
        HttpResponse::build(StatusCode::CREATED).json(view),
        tokens,
        native,
    )
}
