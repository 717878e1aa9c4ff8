//! `GET /users/profile`: tells a person who they are here.

use actix_web::{HttpResponse, web};

use crate::access::SignedInCaller;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::ProfileView;

/// Shows the caller's profile: the person, and their role and permissions in the workspace of the
/// session.
#[utoipa::path(
    get, path = "/users/profile", tag = "Profile",
    responses((status = 200, description = "The caller, in the session's current workspace.",
        body = ProfileView)),
)]
pub(crate) async fn read_profile(
    http: web::Data<Http>,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let read_profile = http.use_cases.read_profile.clone();
    let profile = http
        .run(async move { read_profile.run(caller).await })
        .await?;
    Ok(HttpResponse::Ok().json(ProfileView::from(&profile)))
}
