//! Permissions that workspaces define themselves.

use async_trait::async_trait;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::{Permission, PermissionName, WorkspacePermissionRepository};
use kogents_domain::ids::{PermissionId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::rows;
use crate::schema::{role_permissions, roles, workspace_permissions};
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable)]
#[diesel(table_name = workspace_permissions, check_for_backend(diesel::pg::Pg))]
struct PermissionRow {
    id: Uuid,
    name: String,
    description: String,
    category: String,
}

impl TryFrom<PermissionRow> for Permission {
    type Error = StoreError;
    fn try_from(row: PermissionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: PermissionId::from_uuid(row.id),
            name: PermissionName::parse(&row.name)
                .map_err(|_| unreadable("workspace_permissions.name"))?,
            description: row.description.into(),
            category: row.category.into(),
        })
    }
}

impl PgUnitOfWork {
    /// Has those of a workspace's roles that hold a permission under one name hold it under another.
    async fn rename_grants(
        &mut self,
        workspace: WorkspaceId,
        old: &PermissionName,
        new: &PermissionName,
    ) -> Result<(), StoreError> {
        let of_workspace = roles::table
            .filter(roles::workspace_id.eq(*workspace.as_uuid()))
            .select(roles::id);
        let update = diesel::update(role_permissions::table)
            .filter(role_permissions::role_id.eq_any(of_workspace))
            .filter(role_permissions::permission.eq(old.as_str().to_owned()))
            .set(role_permissions::permission.eq(new.as_str().to_owned()));
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }
}

#[async_trait]
impl WorkspacePermissionRepository for PgUnitOfWork {
    async fn insert(
        &mut self,
        workspace: WorkspaceId,
        permission: &Permission,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let insert = diesel::insert_into(workspace_permissions::table).values((
            workspace_permissions::id.eq(*permission.id.as_uuid()),
            workspace_permissions::workspace_id.eq(*workspace.as_uuid()),
            workspace_permissions::name.eq(permission.name.as_str().to_owned()),
            workspace_permissions::description.eq(permission.description.to_string()),
            workspace_permissions::category.eq(permission.category.to_string()),
            workspace_permissions::created_at.eq(now.as_millis()),
            workspace_permissions::updated_at.eq(now.as_millis()),
        ));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn list(&mut self, workspace: WorkspaceId) -> Result<Vec<Permission>, StoreError> {
        let query = workspace_permissions::table
            .filter(workspace_permissions::workspace_id.eq(*workspace.as_uuid()))
            .select(PermissionRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        let mut permissions: Vec<Permission> = rows::all(rows)?;
        // Here and not there: the database's own order of texts depends on how it was made.
        permissions.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(permissions)
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: PermissionId,
    ) -> Result<Option<Permission>, StoreError> {
        let query = workspace_permissions::table
            .find(*id.as_uuid())
            .filter(workspace_permissions::workspace_id.eq(*workspace.as_uuid()))
            .select(PermissionRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn update(
        &mut self,
        workspace: WorkspaceId,
        permission: &Permission,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = WorkspacePermissionRepository::find(self, workspace, permission.id).await?;
        let Some(known) = known else {
            return Ok(());
        };
        let update = diesel::update(workspace_permissions::table.find(*permission.id.as_uuid()))
            .filter(workspace_permissions::workspace_id.eq(*workspace.as_uuid()))
            .set((
                workspace_permissions::name.eq(permission.name.as_str().to_owned()),
                workspace_permissions::description.eq(permission.description.to_string()),
                workspace_permissions::category.eq(permission.category.to_string()),
                workspace_permissions::updated_at.eq(now.as_millis()),
            ));
        ask!(self, connection => update.execute(connection))?;
        if known.name == permission.name {
            return Ok(());
        }
        self.rename_grants(workspace, &known.name, &permission.name)
            .await
    }

    async fn delete(
        &mut self,
        workspace: WorkspaceId,
        id: PermissionId,
    ) -> Result<bool, StoreError> {
        let holders = role_permissions::table
            .inner_join(roles::table)
            .filter(roles::workspace_id.eq(*workspace.as_uuid()))
            .filter(role_permissions::permission.eq(workspace_permissions::name));
        let delete = diesel::delete(workspace_permissions::table)
            .filter(workspace_permissions::id.eq(*id.as_uuid()))
            .filter(workspace_permissions::workspace_id.eq(*workspace.as_uuid()))
            .filter(not(exists(holders)));
        Ok(ask!(self, connection => delete.execute(connection))? == 1)
    }
}
