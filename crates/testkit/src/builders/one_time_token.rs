//! Builds what is kept of a mailed token.

use kogents_domain::auth::{OneTimeToken, TokenPurpose};
use kogents_domain::ids::{OneTimeTokenId, UserId};
use kogents_domain::time::Timestamp;

use super::{START, unique_digest, unique_id};

/// Builds what is kept of a mailed token.
#[must_use]
#[derive(Debug, Clone)]
pub struct OneTimeTokenBuilder(OneTimeToken);

/// A token made at [`START`] that lives as long as its purpose lets it, is nobody's and about
/// nothing else, with a digest that no other has.
pub fn a_one_time_token(purpose: TokenPurpose) -> OneTimeTokenBuilder {
    OneTimeTokenBuilder(OneTimeToken {
        id: OneTimeTokenId::from_uuid(unique_id()),
        purpose,
        digest: unique_digest(),
        user_id: None,
        workspace_id: None,
        payload: None,
        created_at: START,
        expires_at: START.plus(purpose.lifetime()),
    })
}

impl OneTimeTokenBuilder {
    /// Makes it a person's.
    pub fn of(mut self, user: UserId) -> Self {
        self.0.user_id = Some(user);
        self
    }

    /// Lets it expire at another moment.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.0.expires_at = at;
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut OneTimeToken)) -> Self {
        change(&mut self.0);
        self
    }

    /// The token.
    #[must_use]
    pub fn build(self) -> OneTimeToken {
        self.0
    }
}
