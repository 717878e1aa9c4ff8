//! Deletes the workspace that a member is in.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::access::{Action, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::EnteredPassword;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::LimitLedger;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::Member;
use super::affected::Affected;
use crate::audit::{AuditDesk, Deed};
use crate::auth::{Reauthenticate, ReauthenticateCommand, ReauthenticateError};
use crate::session::{Fences, SessionGate};

/// Which workspace, and who wants it gone.
#[derive(Debug, Clone)]
pub struct DeleteWorkspaceCommand {
    /// Who deletes it.
    pub member: Member,
    /// The workspace.
    pub id: WorkspaceId,
    /// Their present password.
    pub password: Option<EnteredPassword>,
    /// The client's address.
    pub ip_address: IpAddr,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why it is still there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeleteWorkspaceError {
    /// Another workspace than the one the member is in, or none, or the right to this is gone.
    #[error("no such workspace")]
    NotFound,
    /// The password was not proven.
    #[error(transparent)]
    Reauthentication(#[from] ReauthenticateError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes the member's current workspace with everything that is its, and ends the sessions in it.
/// The session that asks for it goes on, in no workspace.
pub struct DeleteWorkspace {
    /// Asks for the password.
    pub reauthenticate: Arc<Reauthenticate>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of what is gone and of what ended.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl DeleteWorkspace {
    /// Deletes it.
    ///
    /// # Errors
    /// See [`DeleteWorkspaceError`].
    pub async fn run(&self, command: DeleteWorkspaceCommand) -> Result<(), DeleteWorkspaceError> {
        let member = command.member;
        if command.id != member.workspace_id {
            return Err(DeleteWorkspaceError::NotFound);
        }
        let proof = ReauthenticateCommand {
            user_id: member.user_id,
            session_id: member.session_id,
            password: command.password,
            ip_address: command.ip_address,
            ledger: command.ledger,
        };
        self.reauthenticate.run(proof).await?;

        let now = self.clock.now();
        let mut fences = Fences::default();
        let deleted = self.delete(member, &mut fences, now).await;
        self.gate.lift_all(fences, now).await;
        deleted
    }

    async fn delete(
        &self,
        member: Member,
        fences: &mut Fences,
        now: Timestamp,
    ) -> Result<(), DeleteWorkspaceError> {
        let everybody = Affected {
            by: member,
            role: None,
            needs: (Resource::Workspace, Action::Delete),
        };
        let begun = everybody
            .begin(self.store.as_ref(), &self.gate, fences, now)
            .await?;
        let mut unit = begun.ok_or(DeleteWorkspaceError::NotFound)?;
        let workspace = member.workspace_id;
        // Whoever signs in or comes over at this moment waits, and then finds no membership.
        unit.users().lock_all(&fences.users()).await?;
        let deleted = Deed::to(AuditAction::WorkspaceDeleted, workspace);
        self.audit
            .record(unit.as_mut(), member, deleted, now)
            .await?;
        let ended = unit
            .sessions()
            .end_all_in_workspace(workspace, member.session_id, EndReason::Removed, now)
            .await?;
        self.audit
            .record_ended(unit.as_mut(), member, &ended, now)
            .await?;
        let own = unit.sessions().find(member.session_id).await?;
        if own.is_some_and(|own| own.workspace_id == Some(workspace)) {
            unit.sessions()
                .set_workspace(member.session_id, None)
                .await?;
        }
        unit.workspaces().delete(workspace).await?;
        unit.commit().await?;
        Ok(())
    }
}
