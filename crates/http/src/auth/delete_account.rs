//! `DELETE /users/profile`: deletes the caller's account.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::auth::DeleteAccountCommand;

use crate::access::SignedInCaller;
use crate::body;
use crate::cookies::{cleared_cookie, is_native};
use crate::input::preferred_language;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::workspace::CurrentPasswordBody;

problems!(DeleteAccountProblems: ReauthenticationRequired, LastAdmin);

/// Deletes the account with all that is held on the person: sessions, devices, memberships. What
/// they did stays in the audit log, without their name. Every token of theirs is good for nothing
/// from the next request on, and the address may sign up again. The last active admin of a
/// workspace hands it over or deletes it first.
#[utoipa::path(
    delete, path = "/users/profile", tag = "Profile",
    params(("X-Client-Type" = Option<String>, Header,
        description = "`native`: the client cannot hold cookies.", example = "native")),
    request_body = CurrentPasswordBody,
    responses(
        (status = 204, description = "The account is gone.",
            headers(("Set-Cookie" = String, description = "Clears `refreshToken`; not with \
                                                           `X-Client-Type: native`."))),
        DeleteAccountProblems,
    ),
)]
pub(crate) async fn delete_account(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let command = DeleteAccountCommand {
        caller,
        password: CurrentPasswordBody::read(&body)?,
        language: preferred_language(request.headers()),
        ledger: ledger(&request),
    };
    let delete_account = http.use_cases.profile.delete_account.clone();
    http.run(async move { delete_account.run(command).await })
        .await?;
    let mut answer = HttpResponse::NoContent();
    if !is_native(&request) {
        answer.cookie(cleared_cookie(&http.settings));
    }
    Ok(answer.finish())
}
