//! Workspaces: the tenants.

mod api_token;
mod branding;
mod directory;
mod invitation;
mod membership;
mod name;
mod slug;
mod tenant;
mod workspace_repository;

pub use api_token::{API_TOKEN_PERMISSIONS, ApiToken, ApiTokenRepository, ApiTokenSecret};
pub use branding::{Branding, BrandingChange, Colour, HttpsUrl, Theme};
pub use directory::{
    DirectoryEntry, DirectoryId, DirectoryPage, DirectoryQuery, DirectoryRepository, DirectorySort,
    SearchPrefix,
};
pub use invitation::{Invitation, InvitationRepository, MAX_INVITATIONS};
pub use membership::{
    MAX_LISTED, Membership, MembershipRepository, MembershipStatus, PersonMembership, Standing,
    WorkspaceOfPerson,
};
pub use name::WorkspaceName;
pub use slug::Slug;
pub use tenant::{Workspace, WorkspaceChange};
pub use workspace_repository::{MAX_WORKSPACES, WorkspaceRepository};

#[cfg(feature = "mock")]
pub use {
    api_token::MockApiTokenRepository, directory::MockDirectoryRepository,
    invitation::MockInvitationRepository, membership::MockMembershipRepository,
    workspace_repository::MockWorkspaceRepository,
};
