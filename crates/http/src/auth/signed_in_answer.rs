//! Hands a refresh token over with an answer.

use actix_web::HttpResponse;
use kogents_usecases::auth::TokenPair;

use crate::cookies::refresh_token_cookie;
use crate::problem::{Code, Problem};
use crate::state::Http;

/// Sets the cookie, unless the client cannot hold cookies: then the token is in the body already.
///
/// # Errors
/// `internal` when the cookie cannot be written.
pub(crate) fn answer_signed_in(
    http: &Http,
    mut answer: HttpResponse,
    tokens: &TokenPair,
    native: bool,
) -> Result<HttpResponse, Problem> {
    if !native {
        let cookie = refresh_token_cookie(
            &http.settings,
            &tokens.refresh,
            tokens.refresh_expires_in_secs,
        );
        answer
            .add_cookie(&cookie)
            .map_err(|error| Problem::new(Code::Internal).cause(error))?;
    }
    Ok(answer)
}
