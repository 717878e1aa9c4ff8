//! Makes a permission of a workspace's own.

use std::sync::Arc;

use kogents_domain::access::{Action, MAX_OWN_PERMISSIONS, Permission, PermissionDraft, Resource};
use kogents_domain::audit::AuditAction;
use kogents_domain::ids::{IdGenerator, PermissionId};
use kogents_domain::store::{Constraint, Store, StoreError};
use kogents_domain::time::Clock;

use crate::audit::{AuditDesk, Deed};
use crate::workspace::{Member, hold_workspace};

/// Which permission to make.
#[derive(Debug, Clone)]
pub struct CreatePermissionCommand {
    /// Who makes it, and in which workspace.
    pub member: Member,
    /// What it is.
    pub draft: PermissionDraft,
}

/// Why no permission was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreatePermissionError {
    /// The workspace is gone, or the caller's right to this is.
    #[error("no such workspace")]
    NotFound,
    /// There is a permission of the name, built in or of the workspace's own.
    #[error("the name is taken")]
    NameTaken,
    /// The workspace has as many permissions of its own as it may.
    #[error("there are {MAX_OWN_PERMISSIONS} permissions")]
    TooMany,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for CreatePermissionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Constraint::PermissionName) => Self::NameTaken,
            StoreError::Conflict(_) | StoreError::Unavailable(_) | StoreError::Failed(_) => {
                Self::Store(error)
            }
        }
    }
}

/// Makes a permission in the caller's workspace, which other services of the product check. Only
/// admins hold it until it is granted.
pub struct CreatePermission {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl CreatePermission {
    /// Makes the permission.
    ///
    /// # Errors
    /// See [`CreatePermissionError`].
    pub async fn run(
        &self,
        command: CreatePermissionCommand,
    ) -> Result<Permission, CreatePermissionError> {
        if command.draft.name.built_in().is_some() {
            return Err(CreatePermissionError::NameTaken);
        }
        let now = self.clock.now();
        let workspace = command.member.workspace_id;
        let id = PermissionId::from_uuid(self.ids.next());
        let permission = command.draft.under(id);

        let mut unit = self.store.begin(command.member.scope()).await?;
        let found = hold_workspace(
            unit.as_mut(),
            command.member,
            (Resource::Permissions, Action::Create),
        )
        .await?;
        if found.is_none() {
            return Err(CreatePermissionError::NotFound);
        }
        let permissions = unit.workspace_permissions();
        let own = permissions.list(workspace).await?;
        if u64::try_from(own.len()).is_ok_and(|there| there < MAX_OWN_PERMISSIONS) {
            permissions.insert(workspace, &permission, now).await?;
            let created = Deed::to(AuditAction::PermissionCreated, permission.id)
                .with("name", permission.name.as_str());
            self.audit
                .record(unit.as_mut(), command.member, created, now)
                .await?;
            unit.commit().await?;
            Ok(permission)
        } else {
            Err(CreatePermissionError::TooMany)
        }
    }
}
