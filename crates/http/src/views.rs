//! Answers: what use cases give, as the client sees it.

mod access;
mod audit;
mod branding;
mod done;
mod invitation;
mod moment;
mod own_data;
mod profile;
mod session;
mod signed_in;
mod signup;
mod tokens;
mod user;
mod workspace;
mod workspaces;

pub(crate) use access::{
    CountedRoleView, ExplanationView, PermissionCategoriesView, PermissionView, PermissionsView,
    RolePermissionView,
};
pub(crate) use audit::AuditView;
pub(crate) use done::{DoneForAddressView, DoneView};
pub(crate) use invitation::{InvitationPreviewView, InvitationsView};
pub use moment::rfc3339;
pub(crate) use own_data::{OwnActView, OwnDataHeadView, OwnDataView};
pub(crate) use profile::ProfileView;
pub(crate) use session::{
    CurrentSessionView, EndedSessionView, EndedSessionsView, OpenedSessionView, SessionView,
    SessionsView,
};
pub(crate) use signed_in::SignedInView;
pub(crate) use signup::{CodeSentView, ResumedSignupView, SignupView, SignupWithWorkspaceView};
pub(crate) use tokens::{OtherClientTokensView, TokensView};
pub(crate) use user::{UserView, UsersView};
pub(crate) use workspace::{ApiTokenView, WorkspaceView};
pub(crate) use workspaces::{
    NewWorkspaceView, SlugView, SwitchedWorkspaceView, WorkspaceDetailsView, WorkspacesView,
};
