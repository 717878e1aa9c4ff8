//! `DELETE /workspace/{id}`: deletes the workspace that the caller is in.

use actix_web::{HttpRequest, HttpResponse, web};
use kogents_usecases::workspace::DeleteWorkspaceCommand;

use super::{CurrentPasswordBody, workspace_id};
use crate::access::SignedInMember;
use crate::body;
use crate::client_address::client_address;
use crate::limits::ledger;
use crate::openapi::problems;
use crate::problem::Problem;
use crate::state::Http;

problems!(DeleteWorkspaceProblems: ReauthenticationRequired, NotFound);

/// Deletes the current workspace with all that is its: members, roles, permissions, invitations,
/// its API token. The sessions in it end; that of this request goes on, in no workspace: refresh
/// it.
#[utoipa::path(
    delete, path = "/workspace/{id}", tag = "Workspaces",
    params(("id" = String, Path, description = "The workspace's id.",
        example = "0192f3c0-2222-7abc-8def-0123456789ab")),
    request_body = CurrentPasswordBody,
    responses(
        (status = 204, description = "It is gone."),
        DeleteWorkspaceProblems,
    ),
)]
pub(crate) async fn delete_workspace(
    http: web::Data<Http>,
    request: HttpRequest,
    payload: web::Payload,
    SignedInMember(member): SignedInMember,
) -> Result<HttpResponse, Problem> {
    let body = body::read_or_empty(&request, payload).await?;
    let command = DeleteWorkspaceCommand {
        member,
        password: CurrentPasswordBody::read(&body)?,
        id: workspace_id(&request)?,
        ip_address: client_address(&http, &request)?,
        ledger: ledger(&request),
    };
    let delete_workspace = http.use_cases.workspaces.delete_workspace.clone();
    http.run(async move { delete_workspace.run(command).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
