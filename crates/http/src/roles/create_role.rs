//! `POST /roles`: makes a role of the workspace's own.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::CreateRoleCommand;

use super::CreateRoleBody;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::CountedRoleView;

problems!(CreateRoleProblems: NotFound, RoleNameTaken, QuotaExceeded);

/// Makes a role, which permits nothing yet.
#[utoipa::path(
    post, path = "/roles", tag = "Access",
    request_body = CreateRoleBody,
    responses(
        (status = 201, description = "The role.", body = CountedRoleView),
        CreateRoleProblems,
    ),
)]
pub(crate) async fn create_role(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let (name, description) = CreateRoleBody::read(&body)?;
    let command = CreateRoleCommand {
        member,
        name,
        description,
    };
    let create_role = http.use_cases.access.create_role.clone();
    let role = http
        .run(async move { create_role.run(command).await })
        .await?;
    Ok(HttpResponse::Created().json(CountedRoleView::from(&role)))
}
