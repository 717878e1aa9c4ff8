//! `PUT /roles/{id}`: changes the name and the description of a role.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::UpdateRoleCommand;

use super::{UpdateRoleBody, role_id};
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::CountedRoleView;

problems!(UpdateRoleProblems: NotFound, SystemRole, RoleNameTaken);

/// Changes the name and the description of a role. What it permits stays.
#[utoipa::path(
    put, path = "/roles/{id}", tag = "Access",
    params(("id" = String, Path, description = "The id of a role.",
        example = "0192f3c0-4444-7abc-8def-0123456789ab")),
    request_body = UpdateRoleBody,
    responses(
        (status = 200, description = "The role as it is now.", body = CountedRoleView),
        UpdateRoleProblems,
    ),
)]
pub(crate) async fn update_role(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let (name, description) = UpdateRoleBody::read(&body)?;
    let command = UpdateRoleCommand {
        member,
        role_id: role_id(&request)?,
        name,
        description,
    };
    let update_role = http.use_cases.access.update_role.clone();
    let role = http
        .run(async move { update_role.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(CountedRoleView::from(&role)))
}
