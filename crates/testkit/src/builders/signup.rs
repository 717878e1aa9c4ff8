//! Builds pending signups: what they hold, and the sealed entry that a cache keeps.

use kogents_domain::auth::{Language, PasswordHash, PersonName};
use kogents_domain::digest::Digest;
use kogents_domain::ids::SignupId;
use kogents_domain::session::Analytics;
use kogents_domain::signup::{NewPending, PendingSignup, WorkspaceDraft};
use kogents_domain::time::{Span, Timestamp};

use super::{a_workspace, address, real_now, unique_address, unique_digest, unique_id};

/// Builds the contents of a pending signup.
#[must_use]
#[derive(Debug, Clone)]
pub struct PendingSignupBuilder(PendingSignup);

/// Ada's signup, with an id and an address that no other has, no workspace chosen.
///
/// # Panics
/// Never.
pub fn a_pending_signup() -> PendingSignupBuilder {
    PendingSignupBuilder(PendingSignup {
        id: SignupId::from_uuid(unique_id()),
        email: unique_address(),
        name: PersonName::parse("Ada Lovelace").unwrap(),
        password_hash: PasswordHash::new("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA"),
        analytics: Analytics::default(),
        language: Language::english(),
        workspace: None,
    })
}

impl PendingSignupBuilder {
    /// Sets the address.
    pub fn email(mut self, text: &str) -> Self {
        self.0.email = address(text);
        self
    }

    /// Chooses a workspace with a slug that no other has.
    pub fn with_workspace(mut self) -> Self {
        let workspace = a_workspace().build();
        self.0.workspace = Some(WorkspaceDraft {
            name: workspace.name,
            slug: workspace.slug,
            branding: workspace.branding,
        });
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut PendingSignup)) -> Self {
        change(&mut self.0);
        self
    }

    /// The contents.
    #[must_use]
    pub fn build(self) -> PendingSignup {
        self.0
    }
}

/// Builds the entry of a pending signup.
#[must_use]
#[derive(Debug, Clone)]
pub struct NewPendingBuilder(NewPending);

/// An entry that ends 24 hours from now, with a key and an address that no other has.
pub fn a_new_pending() -> NewPendingBuilder {
    NewPendingBuilder(NewPending {
        key: unique_digest(),
        sealed: b"sealed contents".to_vec(),
        address: unique_digest(),
        expires_at: real_now().plus(Span::from_secs(86_400)),
    })
}

impl NewPendingBuilder {
    /// Sets the digest of the address.
    pub fn address(mut self, address: Digest) -> Self {
        self.0.address = address;
        self
    }

    /// Sets when it ends.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.0.expires_at = at;
        self
    }

    /// Sets the sealed contents.
    pub fn sealed(mut self, sealed: Vec<u8>) -> Self {
        self.0.sealed = sealed;
        self
    }

    /// The entry.
    #[must_use]
    pub fn build(self) -> NewPending {
        self.0
    }
}
