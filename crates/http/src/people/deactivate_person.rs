//! `PUT /users/{id}/deactivate`: puts a member aside.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::workspace::MembershipStatus;

use super::set_status;
use crate::access::SignedInMember;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UserView;

problems!(
    DeactivatePersonProblems: NotFound, NotYoursToChange, CannotGrant, LastAdmin,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Puts a member aside, and ends their sessions in the workspace.
#[utoipa::path(
    put, path = "/users/{id}/deactivate", tag = "People",
    params(("id" = String, Path, description = "The id of a person.",
        example = "0192f3c0-1111-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "The member, who is not active.", body = UserView),
        DeactivatePersonProblems,
    ),
)]
pub(crate) async fn deactivate_person(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    set_status(
        &http,
        (&request, payload),
        member,
        MembershipStatus::Inactive,
    )
    .await
}
