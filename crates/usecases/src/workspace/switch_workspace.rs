//! Takes a session from one workspace of its person to another.

use std::sync::Arc;

use kogents_domain::audit::AuditAction;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::session::Session;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::Workspace;

use crate::audit::{AuditDesk, Deed, Doer};
use crate::auth::{Caller, TokenMinter, TokenPair};
use crate::session::SessionGate;

/// Where to go.
#[derive(Debug, Clone, Copy)]
pub struct SwitchWorkspaceCommand {
    /// Whose session.
    pub caller: Caller,
    /// Which workspace.
    pub workspace_id: WorkspaceId,
}

/// A session in another workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchedWorkspace {
    /// The workspace.
    pub workspace: Workspace,
    /// Tokens for it. Access tokens for the workspace before are good no more; the refresh token is
    /// the one that the session has.
    pub tokens: TokenPair,
}

/// Why the session stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchWorkspaceError {
    /// The person is no active member of it, or there is none.
    #[error("no such workspace")]
    NotFound,
    /// The session ended at this moment, or its person was suspended.
    #[error("the session is over")]
    Over,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes the caller's session to another workspace that they are active in, and remembers it for
/// their next sign-in. The refresh token stays as it is.
pub struct SwitchWorkspace {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Mints the access token.
    pub minter: Arc<TokenMinter>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells the workspace of who came over.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SwitchWorkspace {
    /// Goes there.
    ///
    /// # Errors
    /// See [`SwitchWorkspaceError`].
    pub async fn run(
        &self,
        command: SwitchWorkspaceCommand,
    ) -> Result<SwitchedWorkspace, SwitchWorkspaceError> {
        let now = self.clock.now();
        let user = command.caller.user_id;
        let fence = self.gate.fence(user, now).await;
        let moved = self.go(command, now).await;
        self.gate.lift(user, fence, now).await;
        let (session, workspace) = moved?;
        Ok(SwitchedWorkspace {
            workspace,
            tokens: self.minter.pair(&session, now),
        })
    }

    async fn go(
        &self,
        command: SwitchWorkspaceCommand,
        now: Timestamp,
    ) -> Result<(Session, Workspace), SwitchWorkspaceError> {
        let SwitchWorkspaceCommand {
            caller,
            workspace_id: there,
        } = command;
        let mut unit = self.store.begin(Scope::Person(caller.user_id)).await?;
        // Whoever takes the person out of the workspace at this moment holds the person's row too.
        let user = unit.users().find_for_update(caller.user_id).await?;
        if user.is_none_or(|user| user.is_suspended()) {
            return Err(SwitchWorkspaceError::Over);
        }
        let standing = unit
            .memberships()
            .find_standing(caller.user_id, Some(there))
            .await?
            .filter(|standing| standing.workspace.id == there)
            .ok_or(SwitchWorkspaceError::NotFound)?;
        let session = unit.sessions().find(caller.session_id).await?;
        let session = session
            .filter(|session| session.end.is_none())
            .ok_or(SwitchWorkspaceError::Over)?;
        unit.sessions()
            .set_workspace(session.id, Some(there))
            .await?;
        if session.workspace_id != Some(there) {
            let by = Doer::from(caller).in_workspace(Some(there));
            let moved = Deed::to(AuditAction::SessionMoved, session.id);
            self.audit.record(unit.as_mut(), by, moved, now).await?;
        }
        unit.users()
            .set_last_workspace(caller.user_id, Some(there), now)
            .await?;
        unit.commit().await?;
        let session = Session {
            workspace_id: Some(there),
            ..session
        };
        Ok((session, standing.workspace))
    }
}
