//! `PUT /roles/{id}/permissions`: makes a role permit these things and no others.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::PermissionChange;

use super::{PermissionIdsBody, change_permissions};
use crate::access::SignedInMember;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::DoneView;

problems!(ReplaceRolePermissionsProblems: NotFound, SystemRole, CannotGrant);

/// Makes a role hold these permissions and no others. Whoever has it may do what they permit from
/// the next request on.
#[utoipa::path(
    put, path = "/roles/{id}/permissions", tag = "Access",
    params(("id" = String, Path, description = "The id of a role.",
        example = "0192f3c0-4444-7abc-8def-0123456789ab")),
    request_body = PermissionIdsBody,
    responses(
        (status = 200, description = "The role holds these permissions and no others.", body = DoneView),
        ReplaceRolePermissionsProblems,
    ),
)]
pub(crate) async fn replace_role_permissions(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let change = PermissionChange::Replace;
    change_permissions(&http, (&request, payload), member, change).await?;
    Ok(HttpResponse::Ok().json(DoneView::new(
        "The role holds these permissions and no others.",
    )))
}
