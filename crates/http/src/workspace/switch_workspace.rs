//! `POST /auth/switch-workspace`: takes the session to another workspace of its person.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::SwitchWorkspaceCommand;

use super::SwitchWorkspaceBody;
use crate::access::SignedInCaller;
use crate::body;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::SwitchedWorkspaceView;

problems!(SwitchWorkspaceProblems: NotFound);

/// Takes the session to another workspace. Access tokens of before are good no more; the refresh
/// token stays.
#[utoipa::path(
    post, path = "/auth/switch-workspace", tag = "Workspaces",
    request_body = SwitchWorkspaceBody,
    responses(
        (status = 200, description = "The session is in the workspace.",
            body = SwitchedWorkspaceView),
        SwitchWorkspaceProblems,
    ),
)]
pub(crate) async fn switch_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInCaller(caller): SignedInCaller,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    let command = SwitchWorkspaceCommand {
        caller,
        workspace_id: SwitchWorkspaceBody::read(&body)?,
    };
    let switch_workspace = http.use_cases.workspaces.switch_workspace.clone();
    let switched = http
        .run(async move { switch_workspace.run(command).await })
        .await?;
    Ok(HttpResponse::Ok().json(SwitchedWorkspaceView::from(&switched)))
}
