//! Builds an invitation.

use kogents_domain::access::Role;
use kogents_domain::auth::{PersonName, PhoneNumber};
use kogents_domain::ids::{InvitationId, UserId};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::Invitation;

use super::{START, address, unique_address, unique_digest, unique_id};

/// Builds an invitation.
#[must_use]
#[derive(Debug, Clone)]
pub struct InvitationBuilder(Invitation);

/// An invitation of Grace to a role, in the role's workspace, made by a person at [`START`], with
/// an id, an address and a digest that no other has.
///
/// # Panics
/// Never.
pub fn an_invitation(role: &Role, invited_by: UserId) -> InvitationBuilder {
    InvitationBuilder(Invitation {
        id: InvitationId::from_uuid(unique_id()),
        workspace_id: role.workspace_id,
        email: unique_address(),
        name: PersonName::parse("Grace Hopper").unwrap(),
        phone: None,
        role_id: role.id,
        invited_by: Some(invited_by),
        digest: unique_digest(),
        expires_at: START.plus(Invitation::LIFETIME),
        created_at: START,
        updated_at: START,
    })
}

impl InvitationBuilder {
    /// Sets every optional member.
    pub fn everything(mut self) -> Self {
        self.0.phone = PhoneNumber::parse("+4930123456").ok();
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

    /// Makes it at another moment: every time of it moves along.
    pub fn made_at(mut self, at: Timestamp) -> Self {
        self.0.created_at = at;
        self.0.updated_at = at;
        self.0.expires_at = at.plus(Invitation::LIFETIME);
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut Invitation)) -> Self {
        change(&mut self.0);
        self
    }

    /// The invitation.
    #[must_use]
    pub fn build(self) -> Invitation {
        self.0
    }
}
