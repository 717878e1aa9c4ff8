//! Whom a request is about, as its query says it: what the server takes from the token.

use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use serde::Deserialize;

/// A session.
#[derive(Debug, Deserialize)]
pub(super) struct Whom {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    pub(super) workspace: Option<WorkspaceId>,
}
