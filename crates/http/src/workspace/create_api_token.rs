//! `POST /workspace/{id}/api-token`: makes the workspace's API token.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::CreateApiTokenCommand;

use super::workspace_id;
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::ApiTokenView;

problems!(
    CreateApiTokenProblems: NotFound, CannotGrant,
    MalformedJson, ValidationFailed, PayloadTooLarge, UnsupportedMediaType, RequestTimeout
);

/// Makes an API token for the current workspace, in place of the one before, which is good for
/// nothing from then on. With it other services read how the workspace is made up; who makes one
/// has to hold all that it permits.
#[utoipa::path(
    post, path = "/workspace/{id}/api-token", tag = "Workspaces",
    params(("id" = String, Path, description = "The workspace's id.",
        example = "0192f3c0-2222-7abc-8def-0123456789ab")),
    responses(
        (status = 201, description = "The token.", body = ApiTokenView),
        CreateApiTokenProblems,
    ),
)]
pub(crate) async fn create_api_token(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    body::read_nothing(&request, payload).await?;
    let command = CreateApiTokenCommand {
        member,
        id: workspace_id(&request)?,
    };
    let create_api_token = http.use_cases.workspaces.create_api_token.clone();
    let token = http
        .run(async move { create_api_token.run(command).await })
        .await?;
    Ok(HttpResponse::Created().json(ApiTokenView::from(&token)))
}
