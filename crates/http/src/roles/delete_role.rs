//! `DELETE /roles/{id}`: deletes a role of the workspace's own.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::DeleteRoleCommand;

use super::role_id;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(
    DeleteRoleProblems: NotFound, SystemRole, RoleInUse,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Deletes a role that nobody has and nobody is invited to.
#[utoipa::path(
    delete, path = "/roles/{id}", tag = "Access",
    params(("id" = String, Path, description = "The id of a role.",
        example = "0192f3c0-4444-7abc-8def-0123456789ab")),
    responses(
        (status = 204, description = "The role is gone."),
        DeleteRoleProblems,
    ),
)]
pub(crate) async fn delete_role(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let command = DeleteRoleCommand {
        member,
        role_id: role_id(&request)?,
    };
    let delete_role = http.use_cases.access.delete_role.clone();
    http.run(async move { delete_role.run(command).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
