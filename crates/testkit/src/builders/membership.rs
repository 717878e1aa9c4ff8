//! Builds a membership.

use kogents_domain::access::Role;
use kogents_domain::ids::UserId;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Membership, MembershipStatus};

use super::START;

/// Builds a membership.
#[must_use]
#[derive(Debug, Clone)]
pub struct MembershipBuilder(Membership);

/// An active membership of a person, with a role, in the role's workspace.
pub fn a_membership(user: UserId, role: &Role) -> MembershipBuilder {
    MembershipBuilder(Membership::active(role.workspace_id, user, role.id, START))
}

impl MembershipBuilder {
    /// Sets the status.
    pub fn status(mut self, status: MembershipStatus) -> Self {
        self.0.status = status;
        self
    }

    /// Sets when it began.
    pub fn since(mut self, at: Timestamp) -> Self {
        self.0.created_at = at;
        self.0.updated_at = at;
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut Membership)) -> Self {
        change(&mut self.0);
        self
    }

    /// The membership.
    #[must_use]
    pub fn build(self) -> Membership {
        self.0
    }
}
