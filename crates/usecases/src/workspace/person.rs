//! One of a workspace's directory, as the people who run it see them.

use std::collections::HashMap;
use std::sync::Arc;

use kogents_domain::access::Permission;
use kogents_domain::ids::RoleId;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::{DirectoryEntry, DirectoryId, Workspace};

use crate::access::permissions_of;

/// A member of a workspace, or somebody who is invited to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The workspace.
    pub workspace: Arc<Workspace>,
    /// Who it is.
    pub entry: DirectoryEntry,
    /// What their role holds, by resource, then by action, then the workspace's own by name.
    pub permissions: Arc<[Permission]>,
}

impl Person {
    /// These of a workspace, in their order. What a role holds is looked up once, however many
    /// have it.
    pub(super) async fn all(
        unit: &mut dyn UnitOfWork,
        workspace: Workspace,
        entries: Vec<DirectoryEntry>,
    ) -> Result<Vec<Self>, StoreError> {
        let workspace = Arc::new(workspace);
        let mut by_role: HashMap<RoleId, Arc<[Permission]>> = HashMap::new();
        let mut people = Vec::with_capacity(entries.len());
        for entry in entries {
            let role = entry.role();
            let permissions = match by_role.get(&role.id) {
                Some(known) => known.clone(),
                None => {
                    let held: Arc<[Permission]> = permissions_of(unit, role).await?.into();
                    by_role.insert(role.id, held.clone());
                    held
                }
            };
            people.push(Self {
                workspace: workspace.clone(),
                entry,
                permissions,
            });
        }
        Ok(people)
    }

    /// One of a workspace.
    pub(super) async fn load(
        unit: &mut dyn UnitOfWork,
        workspace: Workspace,
        entry: DirectoryEntry,
    ) -> Result<Self, StoreError> {
        let permissions = permissions_of(unit, entry.role()).await?;
        Ok(Self {
            workspace: Arc::new(workspace),
            entry,
            permissions: permissions.into(),
        })
    }

    /// The one with an id, as this unit of work sees them; None: there is none in the workspace.
    pub(super) async fn find(
        unit: &mut dyn UnitOfWork,
        workspace: Workspace,
        id: DirectoryId,
    ) -> Result<Option<Self>, StoreError> {
        let found = unit.directory().find(workspace.id, id).await?;
        match found {
            Some(entry) => Self::load(unit, workspace, entry).await.map(Some),
            None => Ok(None),
        }
    }
}
