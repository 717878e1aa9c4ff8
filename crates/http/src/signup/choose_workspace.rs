//! `POST /workspace`: chooses the workspace that a signup is to make, or, for the signed in, makes a
//! further one.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::AddWorkspaceCommand;

use super::WorkspaceBody;
use crate::access::signed_in_caller;
use crate::body;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::{NewWorkspaceView, SignupWithWorkspaceView, WorkspaceView};

problems!(
    ChooseWorkspaceProblems: Unauthenticated, InvalidToken,
    SignupNotFound, SlugTaken, QuotaExceeded, ConfirmationInProgress, CacheUnavailable
);

/// With a `sessionId`, chooses the workspace of that signup; once more, it is replaced. Without
/// one, makes a further workspace, whose admin is the caller; that needs a bearer token.
#[utoipa::path(
    post, path = "/workspace", tag = "Signup",
    request_body = WorkspaceBody,
    security((), ("bearer" = [])),
    responses(
        (status = 201, description = "The workspace is chosen, and made with the account; or, \
                                      without a `sessionId`, it is made.",
            body = NewWorkspaceView),
        ChooseWorkspaceProblems,
    ),
)]
pub(crate) async fn choose_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = body::read(&request, payload).await?;
    if WorkspaceBody::is_of_a_signup(&body) {
        let command = WorkspaceBody::read(&body, ledger(&request))?;
        let choose_workspace = http.use_cases.choose_workspace.clone();
        let chosen = http
            .run(async move { choose_workspace.run(command).await })
            .await?;
        let view = SignupWithWorkspaceView::from(&chosen);
        return Ok(HttpResponse::Created().json(NewWorkspaceView::OfSignup(view)));
    }
    let command = AddWorkspaceCommand {
        caller: signed_in_caller(&http, &request).await?,
        draft: WorkspaceBody::read_further(&body)?,
    };
    let add_workspace = http.use_cases.workspaces.add_workspace.clone();
    let added = http
        .run(async move { add_workspace.run(command).await })
        .await?;
    let view = WorkspaceView::new(&added.workspace, Some(&added.api_token));
    Ok(HttpResponse::Created().json(NewWorkspaceView::Further(Box::new(view))))
}
