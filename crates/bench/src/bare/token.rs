//! The ceiling of `POST /auth/session/activity` with everything in one process: the same token is
//! verified.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::auth::AccessTokens as _;

use super::ceiling::Ceiling;
use super::refused::Refused;

/// Takes the body, and throws it away.
pub(super) async fn token(
    ceiling: web::Data<Ceiling>,
    request: HttpRequest,
    _body: web::Bytes,
) -> Result<HttpResponse, Refused> {
    let sent = request.headers().get(AUTHORIZATION);
    let token = sent
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(Refused::Token)?;
    let claims = ceiling.tokens()?.read(token, ceiling.now());
    claims.map_err(|_| Refused::Token)?;
    Ok(HttpResponse::NoContent().finish())
}
