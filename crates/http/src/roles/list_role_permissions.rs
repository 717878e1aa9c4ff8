//! `GET /roles/{id}/permissions`: lists what a role permits.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::ListRolePermissionsCommand;

use super::role_id;
use crate::access::SignedInMember;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::RolePermissionView;

problems!(ListRolePermissionsProblems: NotFound);

/// Lists the permissions that a role holds: the built-in ones, then the workspace's own by name.
#[utoipa::path(
    get, path = "/roles/{id}/permissions", tag = "Access",
    params(("id" = String, Path, description = "The id of a role.",
        example = "0192f3c0-4444-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "The permissions.", body = Vec<RolePermissionView>),
        ListRolePermissionsProblems,
    ),
)]
pub(crate) async fn list_role_permissions(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let role_id = role_id(&request)?;
    let command = ListRolePermissionsCommand { member, role_id };
    let list_role_permissions = http.use_cases.access.list_role_permissions.clone();
    let permissions = http
        .run(async move { list_role_permissions.run(command).await })
        .await?;
    let views: Vec<_> = permissions
        .iter()
        .map(|permission| RolePermissionView::new(role_id, permission))
        .collect();
    Ok(HttpResponse::Ok().json(views))
}
