//! Workspaces: the tenants.

mod api_token;
mod branding;
mod membership;
mod name;
mod slug;
mod tenant;
mod workspace_repository;

pub use api_token::{ApiToken, ApiTokenRepository, ApiTokenSecret};
pub use branding::{Branding, Colour, HttpsUrl, Theme};
pub use membership::{Membership, MembershipRepository, MembershipStatus, Standing};
pub use name::WorkspaceName;
pub use slug::Slug;
pub use tenant::Workspace;
pub use workspace_repository::WorkspaceRepository;

#[cfg(feature = "mock")]
pub use {
    api_token::MockApiTokenRepository, membership::MockMembershipRepository,
    workspace_repository::MockWorkspaceRepository,
};
