//! `GET /workspace/{id}`: the workspace that the caller is in.

use actix_web::{HttpRequest, HttpResponse, web};

use super::workspace_id;
use crate::access::AdmittedViewer;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::WorkspaceDetailsView;

problems!(ReadWorkspaceProblems: NotFound);

/// Reads the current workspace; any other answers as one that does not exist.
#[utoipa::path(
    get, path = "/workspace/{id}", tag = "Workspaces",
    params(("id" = String, Path, description = "The workspace's id.",
        example = "0192f3c0-2222-7abc-8def-0123456789ab")),
    responses(
        (status = 200, description = "The workspace.", body = WorkspaceDetailsView),
        ReadWorkspaceProblems,
    ),
)]
pub(crate) async fn read_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
    AdmittedViewer(viewer): AdmittedViewer,
) -> Result<HttpResponse, Problem> {
    let id = workspace_id(&request)?;
    let read_workspace = http.use_cases.workspaces.read_workspace.clone();
    let details = http
        .run(async move { read_workspace.run(viewer, id).await })
        .await?;
    Ok(HttpResponse::Ok().json(WorkspaceDetailsView::from(&details)))
}
