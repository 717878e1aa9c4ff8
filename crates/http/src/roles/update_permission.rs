//! `PUT /permissions/{id}`: changes a permission of the workspace's own.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::UpdatePermissionCommand;

use super::{UpdatePermissionBody, permission_id};
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::PermissionView;

problems!(
    UpdatePermissionProblems: NotFound, SystemPermission, PermissionNameTaken, CannotGrant
);

/// Changes a permission. A permission that roles hold is renamed by who holds every permission
/// only.
#[utoipa::path(
    put, path = "/permissions/{id}", tag = "Access",
    params(("id" = String, Path, description = "The id of a permission of the workspace's own.",
        example = "0192f3c0-7777-7abc-8def-0123456789ab")),
    request_body = UpdatePermissionBody,
    responses(
        (status = 200, description = "The permission as it is now.", body = PermissionView),
        UpdatePermissionProblems,
    ),
)]
pub(crate) async fn update_permission(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let change = UpdatePermissionBody::read(&body)?;
    let command = UpdatePermissionCommand {
        member,
        permission_id: permission_id(&request)?,
        name: change.name,
        description: change.description,
        category: change.category,
    };
    let update_permission = http.use_cases.access.update_permission.clone();
    let permission = http
        .run(async move { update_permission.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(PermissionView::from(&permission)))
}
