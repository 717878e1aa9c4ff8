//! `PUT /users/profile`: changes what a person says of themselves, their password, their address.

use actix_web::{HttpRequest, HttpResponse, web};

use super::UpdateProfileBody;
use crate::access::SignedInCaller;
use crate::body;
use crate::input::preferred_language;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::ProfileView;

problems!(UpdateProfileProblems: ReauthenticationRequired);

/// Changes the caller's profile: all that the body names, or nothing. A new password ends the other
/// sessions and voids mailed links to another one. A new address is mailed a link, and stays the wish
/// that it is until that is followed; whether it has an account shows nowhere.
#[utoipa::path(
    put, path = "/users/profile", tag = "Profile",
    request_body = UpdateProfileBody,
    responses(
        (status = 200, description = "The caller as they are now: with the present address, until \
                                      a new one is confirmed.",
            body = ProfileView),
        UpdateProfileProblems,
    ),
)]
pub(crate) async fn update_profile(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let read = UpdateProfileBody::read(&body);
    let weak = match read.password_to_judge() {
        Some((password, context)) => {
            let assess_password = http.use_cases.assess_password.clone();
            !http
                .run(async move { assess_password.run(&password, context).await })
                .await?
        }
        None => false,
    };
    let language = preferred_language(request.headers());
    let command = read.finish(weak, caller, language, ledger(&request))?;
    let update_profile = http.use_cases.profile.update_profile.clone();
    let profile = http
        .run(async move { update_profile.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(ProfileView::from(&profile)))
}
