//! Changes what a role permits.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use kogents_domain::access::{Action, PermissionName, Resource, Role};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::{PermissionId, RoleId};
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::time::{Clock, Timestamp};

use super::{known_permissions, rights_in};
use crate::audit::{AuditDesk, Deed};
use crate::session::{Fences, SessionGate};
use crate::workspace::{Affected, Member};

/// What to do with the permissions that a command names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionChange {
    /// The role holds them and no others.
    Replace,
    /// It holds them beside those that it holds already.
    Add,
    /// It no longer holds them.
    Remove,
}

/// What to change of which role.
#[derive(Debug, Clone)]
pub struct ChangeRolePermissionsCommand {
    /// Who changes it, and in which workspace.
    pub member: Member,
    /// The role.
    pub role_id: RoleId,
    /// How.
    pub change: PermissionChange,
    /// By which permissions.
    pub permissions: Vec<PermissionId>,
}

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRolePermissionsError {
    /// The workspace has no such role, or not all of the permissions.
    #[error("no such role or permission")]
    NotFound,
    /// It is a system role.
    #[error("system roles do not change")]
    SystemRole,
    /// Something would be granted that the caller does not hold.
    #[error("nobody grants what they do not hold")]
    CannotGrant,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes what a role of the caller's workspace permits. Whoever has the role may do so from their
/// next request on, and may no longer do what was taken from it.
pub struct ChangeRolePermissions {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of the change.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// What a change comes to: what the role does not hold yet, and what it holds and is to lose.
struct Difference {
    granted: Vec<PermissionName>,
    withdrawn: Vec<PermissionName>,
}

impl Difference {
    fn new(change: PermissionChange, named: &Names, held: &Names) -> Self {
        let granted = match change {
            PermissionChange::Replace | PermissionChange::Add => named - held,
            PermissionChange::Remove => Names::new(),
        };
        let withdrawn = match change {
            PermissionChange::Replace => held - named,
            PermissionChange::Add => Names::new(),
            PermissionChange::Remove => held & named,
        };
        Self {
            granted: granted.into_iter().collect(),
            withdrawn: withdrawn.into_iter().collect(),
        }
    }

    const fn is_empty(&self) -> bool {
        self.granted.is_empty() && self.withdrawn.is_empty()
    }

    /// What is told of it, if it comes to anything.
    fn deed(&self, role: &Role) -> Option<Deed> {
        let halves = [("added", &self.granted), ("removed", &self.withdrawn)];
        let named = halves.into_iter().filter(|(_, names)| !names.is_empty());
        let deed = named.fold(
            Deed::to(AuditAction::RolePermissionsChanged, role.id),
            |deed, (half, names)| {
                let names: Vec<_> = names.iter().map(|name| name.as_str().to_owned()).collect();
                deed.with(half, names)
            },
        );
        let deed = deed.if_any()?;
        Some(deed.with("name", role.name.as_str()))
    }
}

type Names = BTreeSet<PermissionName>;

impl ChangeRolePermissions {
    /// Makes the change.
    ///
    /// # Errors
    /// See [`ChangeRolePermissionsError`].
    pub async fn run(
        &self,
        command: ChangeRolePermissionsCommand,
    ) -> Result<(), ChangeRolePermissionsError> {
        let now = self.clock.now();
        // A look first, so that nobody is fenced for what changes nothing.
        let mut unit = self.store.read(command.member.scope()).await?;
        let (_, difference) = judge(unit.as_mut(), &command).await?;
        drop(unit);
        if difference.is_empty() {
            return Ok(());
        }

        let mut fences = Fences::default();
        let changed = self.change(&command, &mut fences, now).await;
        self.gate.lift_all(fences, now).await;
        changed
    }

    async fn change(
        &self,
        command: &ChangeRolePermissionsCommand,
        fences: &mut Fences,
        now: Timestamp,
    ) -> Result<(), ChangeRolePermissionsError> {
        let affected = Affected {
            by: command.member,
            role: Some(command.role_id),
            needs: (Resource::Roles, Action::Edit),
        };
        let begun = affected
            .begin(self.store.as_ref(), &self.gate, fences, now)
            .await?;
        let mut unit = begun.ok_or(ChangeRolePermissionsError::NotFound)?;
        let (role, difference) = judge(unit.as_mut(), command).await?;
        let roles = unit.roles();
        roles.grant(command.role_id, &difference.granted).await?;
        roles
            .withdraw(command.role_id, &difference.withdrawn)
            .await?;
        self.audit
            .record_all(unit.as_mut(), command.member, difference.deed(&role), now)
            .await?;
        unit.commit().await?;
        Ok(())
    }
}

/// Says what role is changed and what the change comes to, if it may be made.
async fn judge(
    unit: &mut dyn UnitOfWork,
    command: &ChangeRolePermissionsCommand,
) -> Result<(Role, Difference), ChangeRolePermissionsError> {
    let (workspace, user) = (command.member.workspace_id, command.member.user_id);
    let role = unit.roles().find(workspace, command.role_id).await?;
    let role = role.ok_or(ChangeRolePermissionsError::NotFound)?;
    let known: HashMap<PermissionId, PermissionName> = known_permissions(unit, workspace)
        .await?
        .into_iter()
        .map(|permission| (permission.id, permission.name))
        .collect();
    let named = command.permissions.iter().map(|id| known.get(id).cloned());
    let named: Option<Names> = named.collect();
    let named = named.ok_or(ChangeRolePermissionsError::NotFound)?;
    if role.system.is_some() {
        return Err(ChangeRolePermissionsError::SystemRole);
    }
    let held = unit.roles().granted(role.id).await?.into_iter().collect();
    let difference = Difference::new(command.change, &named, &held);
    let rights = rights_in(unit, workspace, user).await?;
    if difference.granted.iter().all(|name| rights.allow(name)) {
        Ok((role, difference))
    } else {
        Err(ChangeRolePermissionsError::CannotGrant)
    }
}
