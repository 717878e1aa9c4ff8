//! Workspaces themselves.

mod bodies;

pub(crate) mod check_slug;
pub(crate) mod create_api_token;
pub(crate) mod delete_workspace;
pub(crate) mod list_workspaces;
pub(crate) mod read_workspace;
pub(crate) mod revoke_api_token;
pub(crate) mod show_workspace;
pub(crate) mod switch_workspace;
pub(crate) mod update_workspace;

pub(crate) use bodies::{CurrentPasswordBody, SwitchWorkspaceBody, UpdateWorkspaceBody};

use actix_web::HttpRequest;
use kogents_domain::ids::WorkspaceId;

use crate::problem::{Code, Problem};

/// The workspace that the path names.
///
/// # Errors
/// `not_found` for what is no id, as for an unknown one.
fn workspace_id(request: &HttpRequest) -> Result<WorkspaceId, Problem> {
    let text = request.match_info().query("id");
    WorkspaceId::parse(text).map_err(|_| Problem::new(Code::NotFound))
}
