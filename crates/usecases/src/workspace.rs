//! Workspaces: the tenant that a caller is in, its looks, and who belongs to it.

mod accept_invitation;
mod add_workspace;
mod affected;
mod authenticate_api_token;
mod change_person;
mod check_slug;
mod create_api_token;
mod delete_workspace;
mod fenced;
mod founding;
mod giver;
mod good_invitation;
mod holding;
mod invitation_desk;
mod invite_person;
mod last_admin;
mod list_invitations;
mod list_people;
mod list_workspaces;
mod member;
mod person;
mod preview_invitation;
mod read_person;
mod read_workspace;
mod remove_person;
mod resend_invitation;
mod revoke_api_token;
mod show_workspace;
mod sweep_invitations;
mod switch_workspace;
mod update_workspace;
mod viewer;
mod withdraw_invitation;

pub use accept_invitation::{AcceptInvitation, AcceptInvitationCommand, AcceptInvitationError};
pub use add_workspace::{AddWorkspace, AddWorkspaceCommand, AddWorkspaceError, AddedWorkspace};
pub(crate) use affected::Affected;
pub use authenticate_api_token::{
    AuthenticateApiToken, AuthenticateApiTokenCommand, AuthenticateApiTokenError,
};
pub use change_person::{ChangePerson, ChangePersonCommand, ChangePersonError, OwnValues};
pub use check_slug::{CheckSlug, CheckSlugError};
pub use create_api_token::{CreateApiToken, CreateApiTokenCommand, CreateApiTokenError};
pub use delete_workspace::{DeleteWorkspace, DeleteWorkspaceCommand, DeleteWorkspaceError};
pub(crate) use founding::{Founder, Founding};
pub(crate) use holding::hold_workspace;
pub use invitation_desk::InvitationDesk;
pub use invite_person::{InvitePerson, InvitePersonCommand, InvitePersonError};
pub(crate) use last_admin::is_last_admin;
pub use list_invitations::{
    ListInvitations, ListInvitationsCommand, ListInvitationsError, SentInvitation,
};
pub use list_people::{ListPeople, ListPeopleCommand, ListPeopleError, PeoplePage};
pub use list_workspaces::{ListWorkspaces, ListWorkspacesError, ListedWorkspace};
pub use member::Member;
pub use person::Person;
pub use preview_invitation::{InvitationPreview, PreviewInvitation, PreviewInvitationError};
pub use read_person::{ReadPerson, ReadPersonError};
pub use read_workspace::{ReadWorkspace, ReadWorkspaceError, WorkspaceDetails};
pub use remove_person::{RemovePerson, RemovePersonCommand, RemovePersonError, Removed};
pub use resend_invitation::{ResendInvitation, ResendInvitationCommand, ResendInvitationError};
pub use revoke_api_token::{RevokeApiToken, RevokeApiTokenCommand, RevokeApiTokenError};
pub use show_workspace::{ShowWorkspace, ShowWorkspaceError};
pub use sweep_invitations::{SweepInvitations, SweepInvitationsError};
pub use switch_workspace::{
    SwitchWorkspace, SwitchWorkspaceCommand, SwitchWorkspaceError, SwitchedWorkspace,
};
pub use update_workspace::{UpdateWorkspace, UpdateWorkspaceCommand, UpdateWorkspaceError};
pub use viewer::Viewer;
pub use withdraw_invitation::{
    WithdrawInvitation, WithdrawInvitationCommand, WithdrawInvitationError,
};
