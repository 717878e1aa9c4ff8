//! What a member may give to others and take from them: no more than they hold.

use kogents_domain::access::{Action, BuiltInPermission, Resource, Rights, Role, RoleName};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::{StoreError, UnitOfWork};

use crate::access::rights_of;

/// Somebody who gives or takes a role, with the rights they hold at this moment.
pub(super) struct Giver {
    /// None: they are no active member, and have nothing to give, not even what holds nothing.
    rights: Option<Rights>,
}

impl Giver {
    /// Of a workspace; who is no active member gives nothing.
    pub(super) async fn load(
        unit: &mut dyn UnitOfWork,
        workspace: WorkspaceId,
        user: UserId,
    ) -> Result<Self, StoreError> {
        let role = unit.memberships().find_role(workspace, user).await?;
        let rights = match role {
            Some(role) => Some(rights_of(unit, &role).await?),
            None => None,
        };
        Ok(Self { rights })
    }

    /// Whether they hold everything that a role holds.
    pub(super) async fn holds(
        &self,
        unit: &mut dyn UnitOfWork,
        role: &Role,
    ) -> Result<bool, StoreError> {
        let Some(rights) = &self.rights else {
            return Ok(false);
        };
        Ok(rights.cover(&rights_of(unit, role).await?))
    }

    /// Whether they may invite.
    pub(super) fn may_invite(&self) -> bool {
        [Resource::Users, Resource::Invitations]
            .into_iter()
            .any(|resource| {
                let action = Action::Create;
                let permission = BuiltInPermission { resource, action };
                let rights = self.rights.as_ref();
                rights.is_some_and(|rights| rights.allow(&permission.name()))
            })
    }
}

/// The workspace's role of a name, if it may be given.
pub(super) async fn role_to_give(
    unit: &mut dyn UnitOfWork,
    workspace: WorkspaceId,
    name: &RoleName,
) -> Result<Option<Role>, StoreError> {
    let role = unit.roles().find_by_name(workspace, name).await?;
    Ok(role.filter(|role| role.is_active))
}

/// Whether an invitation to a role is good on the word of whoever is named as its inviter: they
/// are active in the workspace, may invite, and hold what the role holds.
pub(super) async fn is_vouched_for(
    unit: &mut dyn UnitOfWork,
    invited_by: Option<UserId>,
    role: &Role,
) -> Result<bool, StoreError> {
    let Some(inviter) = invited_by else {
        return Ok(false);
    };
    let user = unit.users().find(inviter).await?;
    if user.is_none_or(|user| user.is_suspended()) {
        return Ok(false);
    }
    let giver = Giver::load(unit, role.workspace_id, inviter).await?;
    Ok(giver.may_invite() && giver.holds(unit, role).await?)
}
