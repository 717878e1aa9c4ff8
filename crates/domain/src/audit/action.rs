//! What can have been done.

/// A deed that the audit log tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// A session was opened: somebody signed in, or opened a further session of their own.
    SessionOpened,
    /// A session ended, for whichever reason.
    SessionEnded,
    /// A session came over into this workspace.
    SessionMoved,
    /// Somebody tried to sign in and failed.
    SignInFailed,
    /// A person who was signed in gave a wrong password where it was asked for once more.
    PasswordRejected,
    /// A person said that a sign-in had not been theirs.
    SignInReported,
    /// A person became a member.
    MemberJoined,
    /// A member's role or status was changed.
    MemberChanged,
    /// A membership was removed.
    MemberRemoved,
    /// Somebody was invited.
    InvitationSent,
    /// An invitation was sent again, with another link.
    InvitationResent,
    /// An invitation's role was changed.
    InvitationChanged,
    /// An invitation was withdrawn.
    InvitationWithdrawn,
    /// A role was made.
    RoleCreated,
    /// A role's name or description was changed.
    RoleChanged,
    /// What a role permits was changed.
    RolePermissionsChanged,
    /// A role was deleted.
    RoleDeleted,
    /// A permission of the workspace's own was made.
    PermissionCreated,
    /// A permission of the workspace's own was changed.
    PermissionChanged,
    /// A permission of the workspace's own was deleted.
    PermissionDeleted,
    /// The workspace was made.
    WorkspaceCreated,
    /// The workspace's name, slug or language was changed.
    WorkspaceChanged,
    /// How the workspace looks was changed.
    BrandingChanged,
    /// The workspace was deleted.
    WorkspaceDeleted,
    /// An API token was made; the one before it is void.
    ApiTokenCreated,
    /// The API token was revoked.
    ApiTokenRevoked,
    /// A person chose another password.
    PasswordChanged,
    /// A person asked for another address; it is not theirs yet.
    EmailChangeRequested,
    /// A person's address was changed.
    EmailChanged,
    /// An operator suspended a person altogether.
    PersonSuspended,
    /// An operator lifted a person's suspension.
    PersonUnlocked,
}

impl AuditAction {
    /// Every deed.
    pub const ALL: [Self; 31] = [
        Self::SessionOpened,
        Self::SessionEnded,
        Self::SessionMoved,
        Self::SignInFailed,
        Self::PasswordRejected,
        Self::SignInReported,
        Self::MemberJoined,
        Self::MemberChanged,
        Self::MemberRemoved,
        Self::InvitationSent,
        Self::InvitationResent,
        Self::InvitationChanged,
        Self::InvitationWithdrawn,
        Self::RoleCreated,
        Self::RoleChanged,
        Self::RolePermissionsChanged,
        Self::RoleDeleted,
        Self::PermissionCreated,
        Self::PermissionChanged,
        Self::PermissionDeleted,
        Self::WorkspaceCreated,
        Self::WorkspaceChanged,
        Self::BrandingChanged,
        Self::WorkspaceDeleted,
        Self::ApiTokenCreated,
        Self::ApiTokenRevoked,
        Self::PasswordChanged,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::PersonSuspended,
        Self::PersonUnlocked,
    ];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionOpened => "session.opened",
            Self::SessionEnded => "session.ended",
            Self::SessionMoved => "session.moved",
            Self::SignInFailed => "sign_in.failed",
            Self::PasswordRejected => "password.rejected",
            Self::SignInReported => "sign_in.reported",
            Self::MemberJoined => "member.joined",
            Self::MemberChanged => "member.changed",
            Self::MemberRemoved => "member.removed",
            Self::InvitationSent => "invitation.sent",
            Self::InvitationResent => "invitation.resent",
            Self::InvitationChanged => "invitation.changed",
            Self::InvitationWithdrawn => "invitation.withdrawn",
            Self::RoleCreated => "role.created",
            Self::RoleChanged => "role.changed",
            Self::RolePermissionsChanged => "role.permissions_changed",
            Self::RoleDeleted => "role.deleted",
            Self::PermissionCreated => "permission.created",
            Self::PermissionChanged => "permission.changed",
            Self::PermissionDeleted => "permission.deleted",
            Self::WorkspaceCreated => "workspace.created",
            Self::WorkspaceChanged => "workspace.changed",
            Self::BrandingChanged => "workspace.branding_changed",
            Self::WorkspaceDeleted => "workspace.deleted",
            Self::ApiTokenCreated => "api_token.created",
            Self::ApiTokenRevoked => "api_token.revoked",
            Self::PasswordChanged => "password.changed",
            Self::EmailChangeRequested => "email.change_requested",
            Self::EmailChanged => "email.changed",
            Self::PersonSuspended => "person.suspended",
            Self::PersonUnlocked => "person.unlocked",
        }
    }

    /// The deed with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_has_every_deed() {
        let page = include_str!("../../../../docs/AUDIT.md");
        let (_, rest) = page.split_once("<!-- actions:start -->").unwrap();
        let (table, _) = rest.split_once("<!-- actions:end -->").unwrap();
        let rows = table.trim().lines().skip(2);
        let told: Vec<_> = rows
            .map(|row| row.split('|').nth(1).unwrap().trim().trim_matches('`'))
            .collect();
        assert_eq!(told, AuditAction::ALL.map(AuditAction::as_str));
    }

    #[test]
    fn every_name_leads_back_to_its_deed() {
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::from_name(action.as_str()), Some(action));
        }
        assert_eq!(AuditAction::from_name("session"), None);
    }
}
