//! What a signup holds before its address is proven.

use serde::{Deserialize, Serialize};

use crate::auth::{EmailAddress, PasswordHash, PersonName};
use crate::ids::SignupId;
use crate::session::Analytics;
use crate::workspace::{Branding, Slug, WorkspaceName};

/// A pending signup. It rests in the cache only, sealed, and no usable account exists until its
/// code is confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingSignup {
    /// Identity; kept with the person it becomes.
    pub id: SignupId,
    /// The address to prove.
    pub email: EmailAddress,
    /// The person's name.
    pub name: PersonName,
    /// The chosen password, hashed.
    pub password_hash: PasswordHash,
    /// What the frontend told when the signup began.
    pub analytics: Analytics,
    /// The language to write to the person in, by the request's `Accept-Language`.
    pub language: crate::auth::Language,
    /// The workspace to make, once chosen.
    pub workspace: Option<WorkspaceDraft>,
}

/// A workspace that a signup has chosen and that does not exist yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkspaceDraft {
    /// Its name.
    pub name: WorkspaceName,
    /// Its slug, free when it was chosen.
    pub slug: Slug,
    /// Its branding.
    pub branding: Branding,
}

/// How far a signup has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignupStep {
    /// Begun; a workspace is to be chosen.
    Signup,
    /// A workspace is chosen; a code is to be sent.
    WorkspaceCreated,
    /// A code was sent, and is to be confirmed.
    EmailSent,
}

impl SignupStep {
    /// Every step.
    pub const ALL: [Self; 3] = [Self::Signup, Self::WorkspaceCreated, Self::EmailSent];

    /// The step of a signup.
    #[must_use]
    pub const fn of(has_workspace: bool, code_was_sent: bool) -> Self {
        match (code_was_sent, has_workspace) {
            (true, _) => Self::EmailSent,
            (false, true) => Self::WorkspaceCreated,
            (false, false) => Self::Signup,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "signup",
            Self::WorkspaceCreated => "workspace_created",
            Self::EmailSent => "email_sent",
        }
    }
}
