//! `POST /auth/logout`: ends the session of the tokens that came along.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::LogOutCommand;

use super::RefreshTokenBody;
use crate::access::bearer_token;
use crate::body;
use crate::client_address::client_address;
use crate::cookies::{check_origin, cleared_cookie, is_native, refresh_cookie};
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(LogOutProblems: OriginNotAllowed);

/// Signs out; also when there was nothing to end.
#[utoipa::path(
    post, path = "/auth/logout", tag = "Sign-in",
    params(("X-Client-Type" = Option<String>, Header,
        description = "`native`: the client cannot hold cookies; the refresh token is in bodies.",
        example = "native")),
    request_body = RefreshTokenBody,
    security(("refreshCookie" = []), ("bearer" = []), ()),
    responses(
        (status = 204, description = "Nobody is signed in with these tokens any more.",
            headers(("Set-Cookie" = String, description = "Clears `refreshToken`; not with \
                                                           `X-Client-Type: native`."))),
        LogOutProblems,
    ),
)]
pub(crate) async fn log_out(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    check_origin(&http.settings, &request)?;
    let body = body::read_or_empty(&request, payload).await?;
    let native = is_native(&request);
    let in_body = RefreshTokenBody::read(&body, native)?;
    let command = LogOutCommand {
        refresh_token: if native {
            in_body
        } else {
            refresh_cookie(request.headers())
        },
        access_token: bearer_token(request.headers()).into_sent(),
        ip_address: client_address(&http, &request)?,
    };
    let log_out = http.use_cases.log_out.clone();
    http.run(async move { log_out.run(command).await }).await?;

    let mut answer = HttpResponse::NoContent();
    if !native {
        answer.cookie(cleared_cookie(&http.settings));
    }
    Ok(answer.finish())
}
