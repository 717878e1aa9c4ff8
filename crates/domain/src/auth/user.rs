//! A person.

use serde::{Deserialize, Serialize};

use super::{EmailAddress, Language, PasswordHash, PersonName, PhoneNumber};
use crate::ids::{InvitationId, SignupId, UserId, WorkspaceId};
use crate::session::Analytics;
use crate::time::Timestamp;

/// A person: global, with one address and any number of workspaces.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// The address, unique by its normalised form.
    pub email: EmailAddress,
    /// The name.
    pub name: PersonName,
    /// A telephone number.
    pub phone: Option<PhoneNumber>,
    /// An https URL of a picture.
    pub avatar_url: Option<String>,
    /// The password's hash.
    pub password_hash: PasswordHash,
    /// The language of mails to this person; None: the workspace's, else the request's.
    pub language: Option<Language>,
    /// Whether a sign-in on a new device is mailed.
    pub notify_new_device: bool,
    /// Since when an operator has suspended this person; suspended persons cannot sign in.
    pub suspended_at: Option<Timestamp>,
    /// Where the person first came from.
    pub first_touch: FirstTouch,
    /// The workspace to open the next session in.
    pub last_workspace_id: Option<WorkspaceId>,
    /// The signup that made this person, unique: a signup commits once, even after a crash.
    pub signup_id: SignupId,
    /// When the person was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The analytics of the first session, kept with the person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FirstTouch {
    /// The version of this document, for readers to come.
    pub version: u16,
    /// What the frontend told.
    pub analytics: Analytics,
}

impl FirstTouch {
    /// The document as it is written today.
    #[must_use]
    pub const fn new(analytics: Analytics) -> Self {
        Self {
            version: 1,
            analytics,
        }
    }
}

impl User {
    /// The person a confirmed signup makes.
    #[must_use]
    pub fn from_signup(signup: NewUser, now: Timestamp) -> Self {
        Self {
            id: signup.id,
            email: signup.email,
            name: signup.name,
            phone: None,
            avatar_url: None,
            password_hash: signup.password_hash,
            language: None,
            notify_new_device: true,
            suspended_at: None,
            first_touch: FirstTouch::new(signup.analytics),
            last_workspace_id: Some(signup.workspace_id),
            signup_id: signup.signup_id,
            created_at: now,
            updated_at: now,
        }
    }

    /// The person that accepting an invitation makes. The invitation is their signup, so that one
    /// that is accepted twice makes one person.
    #[must_use]
    pub fn from_invitation(invited: InvitedUser, now: Timestamp) -> Self {
        let user = NewUser {
            id: invited.id,
            email: invited.email,
            name: invited.name,
            password_hash: invited.password_hash,
            signup_id: SignupId::from_uuid(*invited.invitation_id.as_uuid()),
            workspace_id: invited.workspace_id,
            analytics: Analytics::default(),
        };
        Self {
            phone: invited.phone,
            ..Self::from_signup(user, now)
        }
    }

    /// Whether an operator has suspended this person.
    #[must_use]
    pub const fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }
}

/// What a confirmed signup knows of the person.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The id to give.
    pub id: UserId,
    /// The proven address.
    pub email: EmailAddress,
    /// The name.
    pub name: PersonName,
    /// The hash made when the signup began.
    pub password_hash: PasswordHash,
    /// The signup.
    pub signup_id: SignupId,
    /// The workspace made with the person.
    pub workspace_id: WorkspaceId,
    /// The signup's analytics.
    pub analytics: Analytics,
}

/// What accepting an invitation knows of the person it makes.
#[derive(Debug, Clone)]
pub struct InvitedUser {
    /// The id to give.
    pub id: UserId,
    /// The address that the invitation was mailed to, and that is proven by it.
    pub email: EmailAddress,
    /// The name.
    pub name: PersonName,
    /// The telephone number that the inviter knew.
    pub phone: Option<PhoneNumber>,
    /// The hash of the password.
    pub password_hash: PasswordHash,
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The workspace invited into.
    pub workspace_id: WorkspaceId,
}
