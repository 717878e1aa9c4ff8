//! `POST /permissions`: makes a permission of the workspace's own.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::access::CreatePermissionCommand;

use super::CreatePermissionBody;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::PermissionView;

problems!(CreatePermissionProblems: NotFound, PermissionNameTaken, QuotaExceeded);

/// Makes a permission, which other services check. Only admins hold it until a role does.
#[utoipa::path(
    post, path = "/permissions", tag = "Access",
    request_body = CreatePermissionBody,
    responses(
        (status = 201, description = "The permission.", body = PermissionView),
        CreatePermissionProblems,
    ),
)]
pub(crate) async fn create_permission(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let draft = CreatePermissionBody::read(&body)?;
    let command = CreatePermissionCommand { member, draft };
    let create_permission = http.use_cases.access.create_permission.clone();
    let permission = http
        .run(async move { create_permission.run(command).await })
        .await?;
    Ok(HttpResponse::Created().json(PermissionView::from(&permission)))
}
