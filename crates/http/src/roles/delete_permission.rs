//! `DELETE /permissions/{id}`: deletes a permission of the workspace's own.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::DeletePermissionCommand;

use super::permission_id;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(
    DeletePermissionProblems: NotFound, SystemPermission, PermissionInUse,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Deletes a permission that no role holds.
#[utoipa::path(
    delete, path = "/permissions/{id}", tag = "Access",
    params(("id" = String, Path, description = "The id of a permission of the workspace's own.",
        example = "0192f3c0-7777-7abc-8def-0123456789ab")),
    responses(
        (status = 204, description = "The permission is gone."),
        DeletePermissionProblems,
    ),
)]
pub(crate) async fn delete_permission(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let command = DeletePermissionCommand {
        member,
        permission_id: permission_id(&request)?,
    };
    let delete_permission = http.use_cases.access.delete_permission.clone();
    http.run(async move { delete_permission.run(command).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
