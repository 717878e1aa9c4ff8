//! A person's own profile.

use kogents_domain::access::{Permission, Role};
use kogents_domain::workspace::{MembershipStatus, Workspace};
use kogents_usecases::auth::Profile;
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;
use crate::openapi::sets;

/// A person, and what they are in the session's current workspace. Every member is always there.
/// Without a membership in a workspace `status`, `workspaceId`, `workspace` and `role` are null
/// and `permissions` is empty.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileView {
    #[schema(example = "0192f3c0-1111-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    #[schema(format = "email", example = "ada@example.com")]
    email: String,
    /// E.164.
    #[schema(required, example = "+4930123456")]
    phone: Option<String>,
    /// Of the membership.
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
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    updated_at: String,
    /// The moment of this request.
    #[schema(format = "date-time", example = "2026-01-02T03:04:05.678Z")]
    last_active_at: String,
    /// The language of mails to the person (BCP 47); null: the workspace's, else the request's.
    #[schema(required, example = "de-DE")]
    language: Option<String>,
    /// Whether a sign-in on a new device is mailed.
    new_device_mail: bool,
}

impl From<&Profile> for ProfileView {
    fn from(profile: &Profile) -> Self {
        let user = &profile.user;
        let standing = profile.standing.as_ref();
        let workspace = standing.map(|standing| &standing.workspace);
        Self {
            id: user.id.to_string(),
            name: user.name.as_str().to_owned(),
            email: user.email.as_given().to_owned(),
            phone: user.phone.clone(),
            // Whoever stands in a workspace is active there.
            status: standing.map(|_| MembershipStatus::Active.as_str()),
            avatar_url: user.avatar_url.clone(),
            workspace_id: workspace.map(|workspace| workspace.id.to_string()),
            workspace: workspace.map(WorkspaceReferenceView::from),
            role: standing.map(|standing| RoleView::from(&standing.role)),
            permissions: profile
                .permissions
                .iter()
                .map(PermissionView::from)
                .collect(),
            created_at: rfc3339(user.created_at),
            updated_at: rfc3339(user.updated_at),
            last_active_at: rfc3339(profile.last_active_at),
            language: user.language.as_ref().map(|tag| tag.as_str().to_owned()),
            new_device_mail: user.notify_new_device,
        }
    }
}

/// Which workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspaceReferenceView {
    #[schema(example = "0192f3c0-2222-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "Acme")]
    name: String,
    #[schema(example = "acme")]
    slug: String,
}

impl From<&Workspace> for WorkspaceReferenceView {
    fn from(workspace: &Workspace) -> Self {
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.as_str().to_owned(),
            slug: workspace.slug.as_str().to_owned(),
        }
    }
}

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleView {
    #[schema(example = "0192f3c0-4444-7abc-8def-0123456789ab")]
    id: String,
    #[schema(example = "manager")]
    name: String,
    #[schema(example = "Runs the workspace's daily business.")]
    description: String,
    /// Whether every workspace has it and nobody can change it.
    is_system: bool,
    /// Whether it may be given.
    is_active: bool,
}

impl From<&Role> for RoleView {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name.clone(),
            description: role.description.clone(),
            is_system: role.system.is_some(),
            is_active: role.is_active,
        }
    }
}

/// A permission.
#[derive(Serialize, ToSchema)]
pub(crate) struct PermissionView {
    #[schema(example = "00000000-0000-7000-8000-000000000201")]
    id: String,
    /// The resource and what may be done to it.
    #[schema(example = "users:read")]
    name: String,
    #[schema(example = "See the workspace's members.")]
    description: String,
    /// A group of permissions.
    #[schema(example = "people")]
    category: String,
}

impl From<&Permission> for PermissionView {
    fn from(permission: &Permission) -> Self {
        Self {
            id: permission.id.to_string(),
            name: permission.name.as_str().to_owned(),
            description: permission.description.clone(),
            category: permission.category.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
