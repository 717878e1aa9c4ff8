//! A workspace as a signup makes it, with its roles.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::ids::{IdGenerator, RoleId, WorkspaceId};
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;
use kogents_domain::violation::Violation;
use kogents_domain::workspace::{Branding, Slug, Workspace, WorkspaceName};

/// A workspace and its roles.
pub(super) struct Place {
    pub(super) workspace: Workspace,
    pub(super) admin: Role,
    other_roles: Vec<Role>,
}

impl Place {
    /// Makes one.
    pub(super) fn new(ids: &dyn IdGenerator, now: Timestamp) -> Result<Self, Violation> {
        let uuid = ids.next();
        let id = WorkspaceId::from_uuid(uuid);
        let draft = WorkspaceDraft {
            name: WorkspaceName::parse("Measured & Co")?,
            slug: Slug::parse(&format!("bench-{}", uuid.simple()))?,
            branding: Branding::default(),
        };
        let role = |system| Role::system(RoleId::from_uuid(ids.next()), id, system, now);
        let others = SystemRole::ALL
            .into_iter()
            .filter(|system| *system != SystemRole::Admin);
        Ok(Self {
            workspace: Workspace::from_draft(id, draft, now),
            admin: role(SystemRole::Admin),
            other_roles: others.map(role).collect(),
        })
    }

    /// Writes it.
    pub(super) async fn insert(&self, unit: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        unit.workspaces().insert(&self.workspace).await?;
        unit.roles().insert(&self.admin).await?;
        for role in &self.other_roles {
            unit.roles().insert(role).await?;
        }
        Ok(())
    }
}
