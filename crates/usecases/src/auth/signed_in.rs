//! What signing in gives, by whichever way.

use kogents_domain::auth::User;
use kogents_domain::session::SessionRecord;
use kogents_domain::workspace::Standing;

use super::TokenPair;

/// A person with a session that was just opened.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedIn {
    /// The session's tokens.
    pub tokens: TokenPair,
    /// The person.
    pub user: User,
    /// The workspace the session is in, and the person's role there; None without a membership.
    pub standing: Option<Standing>,
    /// The session.
    pub session: SessionRecord,
}
