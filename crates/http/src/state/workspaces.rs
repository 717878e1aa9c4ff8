//! Workspaces themselves: what the product does.

use std::sync::Arc;

use kogents_usecases::workspace::{
    AddWorkspace, AuthenticateApiToken, CheckSlug, CreateApiToken, DeleteWorkspace, ListWorkspaces,
    ReadWorkspace, RevokeApiToken, ShowWorkspace, SwitchWorkspace, UpdateWorkspace,
};

/// Workspaces themselves, one field a use case.
#[expect(
    missing_docs,
    reason = "each field is named after its use case, which is documented"
)]
pub struct WorkspaceUseCases {
    pub show_workspace: Arc<ShowWorkspace>,
    pub check_slug: Arc<CheckSlug>,
    pub read_workspace: Arc<ReadWorkspace>,
    pub update_workspace: Arc<UpdateWorkspace>,
    pub add_workspace: Arc<AddWorkspace>,
    pub delete_workspace: Arc<DeleteWorkspace>,
    pub switch_workspace: Arc<SwitchWorkspace>,
    pub list_workspaces: Arc<ListWorkspaces>,
    pub create_api_token: Arc<CreateApiToken>,
    pub revoke_api_token: Arc<RevokeApiToken>,
    pub authenticate_api_token: Arc<AuthenticateApiToken>,
}
