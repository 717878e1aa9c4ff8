//! A source of rights: a map that stands for the service's own query.

use std::collections::HashMap;

use async_trait::async_trait;
use kogents_domain::access::{Rights, RightsSource, Role};
use kogents_domain::auth::AccessClaims;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;

/// What is known of live sessions. A service asks the database in its place, once per request: for
/// the session that has not ended, in this workspace, of this person, who is an active member; for
/// their role; and for what was granted to it.
#[derive(Debug, Default)]
pub(crate) struct KnownRights {
    sessions: HashMap<SessionId, Known>,
}

#[derive(Debug)]
struct Known {
    user: UserId,
    workspace: Option<WorkspaceId>,
    rights: Rights,
}

impl KnownRights {
    /// A session is live, and its person has a system role in its workspace.
    pub(crate) fn learn(&mut self, claims: &AccessClaims, role: &Role) {
        let known = Known {
            user: claims.user_id,
            workspace: claims.workspace_id,
            rights: Rights::of(role, []),
        };
        self.sessions.insert(claims.session_id, known);
    }

    /// A session has ended.
    pub(crate) fn forget(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }
}

#[async_trait]
impl RightsSource for KnownRights {
    async fn rights(&self, claims: &AccessClaims) -> Result<Option<Rights>, StoreError> {
        let known = self
            .sessions
            .get(&claims.session_id)
            .filter(|known| (known.user, known.workspace) == (claims.user_id, claims.workspace_id));
        Ok(known.map(|known| known.rights.clone()))
    }
}
