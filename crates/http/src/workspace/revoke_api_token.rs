//! `DELETE /workspace/{id}/api-token`: revokes the workspace's API token.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::RevokeApiTokenCommand;

use super::workspace_id;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(
    RevokeApiTokenProblems: NotFound,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Revokes the current workspace's API token; also when there is none.
#[utoipa::path(
    delete, path = "/workspace/{id}/api-token", tag = "Workspaces",
    params(("id" = String, Path, description = "The workspace's id.",
        example = "0192f3c0-2222-7abc-8def-0123456789ab")),
    responses(
        (status = 204, description = "The workspace has no API token any more."),
        RevokeApiTokenProblems,
    ),
)]
pub(crate) async fn revoke_api_token(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let command = RevokeApiTokenCommand {
        member,
        id: workspace_id(&request)?,
    };
    let revoke_api_token = http.use_cases.workspaces.revoke_api_token.clone();
    http.run(async move { revoke_api_token.run(command).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
