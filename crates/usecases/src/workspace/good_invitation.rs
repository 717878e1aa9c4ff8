//! An invitation that may be accepted, and what it is to.

use kogents_domain::access::Role;
use kogents_domain::digest::Digest;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Invitation, Workspace};

use super::giver::is_vouched_for;

/// An invitation whose link is good and whose inviter still may give what it gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GoodInvitation {
    pub(super) invitation: Invitation,
    pub(super) workspace: Workspace,
    pub(super) role: Role,
}

impl GoodInvitation {
    /// The one whose link carries the token of a digest; None: it is good for nothing.
    pub(super) async fn find(
        unit: &mut dyn UnitOfWork,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        match unit.invitations().find_open(digest, now).await? {
            Some(invitation) => Self::judge(unit, invitation).await,
            None => Ok(None),
        }
    }

    /// The same, and it is gone if this unit of work commits: of any number of parallel calls one
    /// gets it.
    pub(super) async fn consume(
        unit: &mut dyn UnitOfWork,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        match unit.invitations().consume(digest, now).await? {
            Some(invitation) => Self::judge(unit, invitation).await,
            None => Ok(None),
        }
    }

    async fn judge(
        unit: &mut dyn UnitOfWork,
        invitation: Invitation,
    ) -> Result<Option<Self>, StoreError> {
        let id = invitation.workspace_id;
        let workspace = unit.workspaces().find(id).await?;
        let role = unit.roles().find(id, invitation.role_id).await?;
        let (Some(workspace), Some(role)) = (workspace, role) else {
            return Ok(None);
        };
        let is_good = role.is_active && is_vouched_for(unit, invitation.invited_by, &role).await?;
        Ok(is_good.then_some(Self {
            invitation,
            workspace,
            role,
        }))
    }
}
