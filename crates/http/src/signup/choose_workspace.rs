//! `POST /workspace`: chooses the workspace that a signup is to make.

use actix_web::{HttpRequest, HttpResponse, web};

use super::WorkspaceBody;
use crate::body;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SignupWithWorkspaceView;

problems!(
    ChooseWorkspaceProblems: SignupNotFound, SlugTaken, ConfirmationInProgress, CacheUnavailable
);

/// Chooses the workspace; once more, it is replaced.
#[utoipa::path(
    post, path = "/workspace", tag = "Signup",
    request_body = WorkspaceBody,
    responses(
        (status = 201, description = "The workspace is chosen; it is made with the account.",
            body = SignupWithWorkspaceView),
        ChooseWorkspaceProblems,
    ),
)]
pub(crate) async fn choose_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let command = WorkspaceBody::read(&body, ledger(&request))?;
    let choose_workspace = http.use_cases.choose_workspace.clone();
    let chosen = http
        .run(async move { choose_workspace.run(command).await })
        .await?;
    Ok(HttpResponse::Created().json(SignupWithWorkspaceView::from(&chosen)))
}
