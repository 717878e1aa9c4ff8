//! A person.

use serde::{Deserialize, Serialize};

use super::{EmailAddress, Language, PasswordHash, PersonName, PhoneNumber};
use crate::ids::{InvitationId, SignupId, UserId, WorkspaceId};
use crate::session::Analytics;
use crate::time::Timestamp;
use crate::workspace::HttpsUrl;

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
    /// Where a picture of the person is; never fetched by the server.
    pub avatar_url: Option<HttpsUrl>,
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

    /// The person with something changed that they say of themselves; None when they say what is
    /// there already.
    #[must_use]
    pub fn changed(&self, change: ProfileChange, now: Timestamp) -> Option<Self> {
        let changed = Self {
            name: change.name.unwrap_or_else(|| self.name.clone()),
            phone: change.phone.unwrap_or_else(|| self.phone.clone()),
            avatar_url: change.avatar_url.unwrap_or_else(|| self.avatar_url.clone()),
            language: change.language.unwrap_or_else(|| self.language.clone()),
            notify_new_device: change.notify_new_device.unwrap_or(self.notify_new_device),
            ..self.clone()
        };
        (changed != *self).then_some(Self {
            updated_at: now,
            ..changed
        })
    }

    /// Whether an operator has suspended this person.
    #[must_use]
    pub const fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }
}

/// What a person changes of what they say of themselves; what is None stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// The name.
    pub name: Option<PersonName>,
    /// The telephone number; Some(None): there is none.
    pub phone: Option<Option<PhoneNumber>>,
    /// The picture; Some(None): there is none.
    pub avatar_url: Option<Option<HttpsUrl>>,
    /// The language of mails; Some(None): the workspace's, else the request's.
    pub language: Option<Option<Language>>,
    /// Whether a sign-in on a new device is mailed.
    pub notify_new_device: Option<bool>,
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user() -> User {
        let signup = NewUser {
            id: UserId::from_uuid(Uuid::from_u128(1)),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            name: PersonName::parse("Ann").unwrap(),
            password_hash: PasswordHash::new("hash"),
            signup_id: SignupId::from_uuid(Uuid::from_u128(2)),
            workspace_id: WorkspaceId::from_uuid(Uuid::from_u128(3)),
            analytics: Analytics::default(),
        };
        User::from_signup(signup, Timestamp::from_millis(1_000))
    }

    #[test]
    fn what_is_said_again_is_no_change() {
        let same = ProfileChange {
            name: PersonName::parse("Ann").ok(),
            phone: Some(None),
            notify_new_device: Some(true),
            ..ProfileChange::default()
        };
        let later = Timestamp::from_millis(2_000);
        assert_eq!(user().changed(same, later), None);
        assert_eq!(user().changed(ProfileChange::default(), later), None);
    }

    #[test]
    fn a_change_leaves_what_it_does_not_name() {
        let later = Timestamp::from_millis(2_000);
        let change = ProfileChange {
            phone: Some(PhoneNumber::parse("+4915112345678").ok()),
            language: Some(Language::parse("de").ok()),
            ..ProfileChange::default()
        };
        let expected = User {
            phone: PhoneNumber::parse("+4915112345678").ok(),
            language: Language::parse("de").ok(),
            updated_at: later,
            ..user()
        };
        assert_eq!(user().changed(change, later), Some(expected));
    }
}
