//! Builds a person.

use kogents_domain::auth::{
    FirstTouch, Language, NewUser, PasswordHash, PersonName, PhoneNumber, User,
};
use kogents_domain::ids::{SignupId, UserId, WorkspaceId};
use kogents_domain::session::Analytics;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::HttpsUrl;

use super::{START, address, analytics_with_everything, unique_address, unique_id};

/// Builds a person.
#[must_use]
#[derive(Debug, Clone)]
pub struct UserBuilder(User);

/// Ada, with an address, an id and a signup that no other has, as a confirmed signup makes her;
/// no workspace.
///
/// # Panics
/// Never.
pub fn a_user() -> UserBuilder {
    let made = NewUser {
        id: UserId::from_uuid(unique_id()),
        email: unique_address(),
        name: PersonName::parse("Ada Lovelace").unwrap(),
        password_hash: PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA"),
        signup_id: SignupId::from_uuid(unique_id()),
        workspace_id: WorkspaceId::from_uuid(unique_id()),
        analytics: Analytics::default(),
    };
    UserBuilder(User::from_signup(made, START)).last_workspace(None)
}

impl UserBuilder {
    /// Sets every optional member but the workspace.
    pub fn everything(mut self) -> Self {
        self.0.phone = PhoneNumber::parse("+4930123456").ok();
        self.0.avatar_url = HttpsUrl::parse("https://cdn.example/ada.png").ok();
        self.0.language = Language::parse("de-AT").ok();
        self.0.notify_new_device = false;
        self.0.suspended_at = Some(Timestamp::from_millis(START.as_millis() + 86_400_001));
        self.0.first_touch = FirstTouch::new(analytics_with_everything());
        self.0.updated_at = Timestamp::from_millis(START.as_millis() + 86_400_002);
        self
    }

    /// Sets the address.
    pub fn email(mut self, text: &str) -> Self {
        self.0.email = address(text);
        self
    }

    /// Sets the name.
    ///
    /// # Panics
    /// When it is none.
    pub fn name(mut self, text: &str) -> Self {
        self.0.name = PersonName::parse(text).expect("not a name");
        self
    }

    /// Sets the password's hash.
    pub fn password_hash(mut self, hash: PasswordHash) -> Self {
        self.0.password_hash = hash;
        self
    }

    /// Sets the signup.
    pub fn signup(mut self, id: SignupId) -> Self {
        self.0.signup_id = id;
        self
    }

    /// Sets the workspace to open the next session in.
    pub fn last_workspace(mut self, id: impl Into<Option<WorkspaceId>>) -> Self {
        self.0.last_workspace_id = id.into();
        self
    }

    /// Suspends the person.
    pub fn suspended(mut self, at: Timestamp) -> Self {
        self.0.suspended_at = Some(at);
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut User)) -> Self {
        change(&mut self.0);
        self
    }

    /// The person.
    #[must_use]
    pub fn build(self) -> User {
        self.0
    }
}
