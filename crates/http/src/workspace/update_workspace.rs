//! `PATCH /workspace/{id}`: changes the workspace that the caller is in.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::UpdateWorkspaceCommand;

use super::{UpdateWorkspaceBody, workspace_id};
use crate::access::SignedInMember;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::WorkspaceDetailsView;

problems!(UpdateWorkspaceProblems: NotFound, SlugTaken);

/// Changes the current workspace; what the body does not name stays.
#[utoipa::path(
    patch, path = "/workspace/{id}", tag = "Workspaces",
    params(("id" = String, Path, description = "The workspace's id.",
        example = "0192f3c0-2222-7abc-8def-0123456789ab")),
    request_body = UpdateWorkspaceBody,
    responses(
        (status = 200, description = "The workspace as it is now.", body = WorkspaceDetailsView),
        UpdateWorkspaceProblems,
    ),
)]
pub(crate) async fn update_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let change = UpdateWorkspaceBody::read(&body)?;
    let command = UpdateWorkspaceCommand {
        member,
        id: workspace_id(&request)?,
        change,
    };
    let update_workspace = http.use_cases.workspaces.update_workspace.clone();
    let details = http
        .run(async move { update_workspace.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(WorkspaceDetailsView::from(&details)))
}
