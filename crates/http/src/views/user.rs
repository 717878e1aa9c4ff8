//! One of a workspace's directory, and a page of it.

use kogents_domain::page::PageLimit;
use kogents_domain::workspace::{DirectoryEntry, MembershipStatus};
use kogents_usecases::auth::Profile;
use kogents_usecases::workspace::{PeoplePage, Person};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::{PermissionView, RoleView};
use super::rfc3339;
use super::workspace::WorkspaceReferenceView;
use crate::openapi::sets;

/// A person, and what they are in a workspace; or somebody who is invited to it, whose id is then
/// the invitation's. Every member is always there. Without a membership in a workspace `status`,
/// `workspaceId`, `workspace` and `role` are null and `permissions` is empty.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// E.164.
    #[schema(required, example = "+4930123456")]
    phone: Option<String>,
    /// Of the membership; of who is invited `PENDING`.
    #[schema(required, value_type = Option<sets::MembershipStatus>)]
    status: Option<&'static str>,
    #[schema(required, format = "uri", example = "https://cdn.example.com/ada.png")]
    avatar_url: Option<String>,
    #[schema(required, example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    workspace_id: Option<String>,
    #[schema(required)]
    workspace: Option<WorkspaceReferenceView>,
    #[schema(required)]
    role: Option<RoleView>,
    /// What the role permits.
    permissions: Vec<PermissionView>,
    /// When the membership began or the invitation was made; of a profile the account.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    /// When it was last changed.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    updated_at: String,
    /// When they were last active in the workspace, as far as is known.
    #[schema(required, format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    last_active_at: Option<String>,
}

impl From<&Person> for UserView {
    fn from(person: &Person) -> Self {
        let workspace = person.workspace.as_ref();
        let permissions = person.permissions.iter().map(PermissionView::from);
        let permissions: Vec<_> = permissions.collect();
        let workspace_id = Some(workspace.id.to_string());
        let workspace = Some(WorkspaceReferenceView::from(workspace));
        let role = Some(RoleView::from(person.entry.role()));
        match &person.entry {
            DirectoryEntry::Member {
                user,
                membership,
                role: _,
                last_active_at,
            } => Self {
                id: user.id.to_string(),
                name: user.name.as_str().to_owned(),
                email: user.email.as_given().to_owned(),
                phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
                status: Some(membership.status.as_str()),
                avatar_url: user.avatar_url.as_ref().map(|url| url.as_str().to_owned()),
                created_at: rfc3339(membership.created_at),
                updated_at: rfc3339(membership.updated_at),
                last_active_at: last_active_at.map(rfc3339),
                workspace_id,
                workspace,
                role,
                permissions,
            },
            DirectoryEntry::Invited {
                invitation,
                role: _,
            } => {
                let phone = invitation.phone.as_ref();
                Self {
                    id: invitation.id.to_string(),
                    name: invitation.name.as_str().to_owned(),
                    email: invitation.email.as_given().to_owned(),
                    phone: phone.map(|phone| phone.as_str().to_owned()),
                    status: Some(MembershipStatus::Pending.as_str()),
                    avatar_url: None,
                    created_at: rfc3339(invitation.created_at),
                    updated_at: rfc3339(invitation.updated_at),
                    last_active_at: None,
                    workspace_id,
                    workspace,
                    role,
                    permissions,
                }
            }
        }
    }
}

impl From<&Profile> for UserView {
    fn from(profile: &Profile) -> Self {
        let user = &profile.user;
        let standing = profile.standing.as_ref();
        let workspace = standing.map(|standing| &standing.workspace);
        let permissions = profile.permissions.iter().map(PermissionView::from);
        Self {
            id: user.id.to_string(),
            name: user.name.as_str().to_owned(),
            email: user.email.as_given().to_owned(),
            phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            // Whoever stands in a workspace is active there.
            status: standing.map(|_| MembershipStatus::Active.as_str()),
            avatar_url: user.avatar_url.as_ref().map(|url| url.as_str().to_owned()),
            workspace_id: workspace.map(|workspace| workspace.id.to_string()),
            workspace: workspace.map(WorkspaceReferenceView::from),
            role: standing.map(|standing| RoleView::from(&standing.role)),
            permissions: permissions.collect(),
            created_at: rfc3339(user.created_at),
            updated_at: rfc3339(user.updated_at),
            // This request is what they did last.
            last_active_at: Some(rfc3339(profile.last_active_at)),
        }
    }
}

/// One page of a workspace's directory.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsersView {
    users: Vec<UserView>,
    /// Which page, from 1.
    #[schema(minimum = 1, example = 1)]
    page: u64,
    /// How many a page has at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: u16,
    /// How many there are over all pages.
    #[schema(example = 1)]
    total: u64,
    #[schema(example = 1)]
    total_pages: u64,
    /// Whether there is a page after this one.
    has_next: bool,
    /// Whether there is a page before this one.
    has_prev: bool,
}

impl UsersView {
    pub(crate) fn new(people: &PeoplePage, page: u64, limit: PageLimit) -> Self {
        let total_pages = people.total.div_ceil(u64::from(limit.get()));
        Self {
            users: people.people.iter().map(UserView::from).collect(),
            page,
            limit: limit.get(),
            total: people.total,
            total_pages,
            has_next: page < total_pages,
            has_prev: page > 1,
        }
    }
}

#[cfg(test)]
mod tests;
