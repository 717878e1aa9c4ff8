//! `PUT /users/{id}/activate`: lets a member take part again.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_domain::workspace::MembershipStatus;

use super::set_status;
use crate::access::SignedInMember;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::UserView;

problems!(
    ActivatePersonProblems: NotFound, NotYoursToChange, CannotGrant,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Lets a member take part again.
#[utoipa::path(
    put, path = "/users/{id}/activate", tag = "People",
    params(("id" = String, Path, description = "The id of a person.",
        example = "0192f3c0-1111-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "The member, who is active.", body = UserView),
        ActivatePersonProblems,
    ),
)]
pub(crate) async fn activate_person(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    set_status(&http, (&request, payload), member, MembershipStatus::Active).await
}
