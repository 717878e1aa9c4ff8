//! `POST /auth/refresh`: exchanges a refresh token for new tokens.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::RefreshCommand;

use super::{RefreshTokenBody, answer_signed_in};
use crate::body;
use crate::client_address::client_address;
use crate::cookies::{check_origin, is_native, refresh_cookie, refuse_cookie};
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::{Code, Problem};
use crate::state::Http;
use crate::views::TokensView;

problems!(
    RefreshProblems: InvalidRefreshToken, RefreshTokenReused, OriginNotAllowed, RateLimited
);

/// Exchanges the refresh token of the cookie, or of a native client's body.
#[utoipa::path(
    post, path = "/auth/refresh", tag = "Sign-in",
    params(("X-Client-Type" = Option<String>, Header,
        description = "`native`: the client cannot hold cookies; the refresh token is in bodies.",
        example = "native")),
    request_body = RefreshTokenBody,
    security(("refreshCookie" = []), ()),
    responses(
        (status = 200, description = "New tokens. A token spent less than 30 seconds ago is \
                                      answered with the current one.",
            body = TokensView,
            headers(("Set-Cookie" = String,
            description = "`refreshToken`, HttpOnly, SameSite=Strict, Path=/auth; not with \
                           `X-Client-Type: native`."))),
        RefreshProblems,
    ),
)]
pub(crate) async fn refresh(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    check_origin(&http.settings, &request)?;
    let body = body::read_or_empty(&request, payload).await?;
    let native = is_native(&request);
    let in_body = RefreshTokenBody::read(&body, native)?;
    let token = if native {
        in_body
    } else {
        refresh_cookie(request.headers())
    };
    let Some(token) = token else {
        return refuse_cookie(&http, Problem::new(Code::InvalidRefreshToken), native);
    };
    let command = RefreshCommand {
        token,
        ip_address: client_address(&http, &request)?,
        ledger: ledger(&request),
    };
    let refresh = http.use_cases.refresh.clone();
    match http.run(async move { refresh.run(command).await }).await {
        Ok(tokens) => {
            let view = TokensView::new(&tokens, native);
            answer_signed_in(&http, HttpResponse::Ok().json(view), &tokens, native)
        }
        Err(problem) => refuse_cookie(&http, problem, native),
    }
}
