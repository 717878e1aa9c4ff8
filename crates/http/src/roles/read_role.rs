//! `GET /roles/{id}`: shows one role of the workspace.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::ReadRoleCommand;

use super::role_id;
use crate::access::SignedInMember;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::CountedRoleView;

problems!(ReadRoleProblems: NotFound);

/// Shows a role of the workspace.
#[utoipa::path(
    get, path = "/roles/{id}", tag = "Access",
    params(("id" = String, Path, description = "The id of a role.",
        example = "0192f3c0-4444-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "The role.", body = CountedRoleView),
        ReadRoleProblems,
    ),
)]
pub(crate) async fn read_role(
    http: web::Data<Http>,
    request: HttpRequest,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let command = ReadRoleCommand {
        member,
        role_id: role_id(&request)?,
    };
    let read_role = http.use_cases.access.read_role.clone();
    let role = http
        .run(async move { read_role.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(CountedRoleView::from(&role)))
}
