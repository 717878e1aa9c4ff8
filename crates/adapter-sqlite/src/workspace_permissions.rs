//! Permissions that workspaces define themselves: `WorkspacePermissionRepository` on the table
//! `workspace_permissions`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, Text};
use diesel::sqlite::Sqlite;
use kogents_domain::access::{Permission, PermissionName, WorkspacePermissionRepository};
use kogents_domain::ids::{PermissionId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::columns::{id, id_bytes, parsed};
use crate::error::InvalidRow;
use crate::schema::workspace_permissions;
use crate::unit_of_work::SqliteUnitOfWork;

/// A role that was granted a permission of the new name before there was one holds it once.
///
/// `?1` workspace, `?2` old name, `?3` new name.
const RENAME_GRANTS: &str = "UPDATE OR REPLACE role_permissions SET permission = ?3 \
    WHERE permission = ?2 AND role_id IN (SELECT id FROM roles WHERE workspace_id = ?1)";

/// `?1` workspace, `?2` permission.
const DELETE: &str = "DELETE FROM workspace_permissions WHERE workspace_id = ?1 AND id = ?2 \
    AND NOT EXISTS (SELECT 1 FROM roles \
        JOIN role_permissions AS granted ON granted.role_id = roles.id \
        WHERE roles.workspace_id = ?1 AND granted.permission = workspace_permissions.name)";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = workspace_permissions, check_for_backend(Sqlite))]
struct PermissionRow {
    id: Vec<u8>,
    name: String,
    description: String,
    category: String,
}

impl PermissionRow {
    fn of(permission: &Permission) -> Self {
        Self {
            id: id_bytes(permission.id.as_uuid()),
            name: permission.name.as_str().to_owned(),
            description: permission.description.to_string(),
            category: permission.category.to_string(),
        }
    }
}

impl TryFrom<PermissionRow> for Permission {
    type Error = InvalidRow;

    fn try_from(row: PermissionRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: PermissionId::from_uuid(id(&row.id, "workspace_permissions.id")?),
            name: parsed(
                &row.name,
                PermissionName::parse,
                "workspace_permissions.name",
            )?,
            description: row.description.into(),
            category: row.category.into(),
        })
    }
}

#[async_trait]
impl WorkspacePermissionRepository for SqliteUnitOfWork {
    async fn insert(
        &mut self,
        workspace: WorkspaceId,
        permission: &Permission,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = PermissionRow::of(permission);
        self.run(move |conn| {
            diesel::insert_into(workspace_permissions::table)
                .values((
                    row,
                    workspace_permissions::workspace_id.eq(id_bytes(workspace.as_uuid())),
                    workspace_permissions::created_at.eq(now.as_millis()),
                    workspace_permissions::updated_at.eq(now.as_millis()),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn list(&mut self, workspace: WorkspaceId) -> Result<Vec<Permission>, StoreError> {
        self.run(move |conn| {
            let rows = workspace_permissions::table
                .filter(workspace_permissions::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .order(workspace_permissions::name)
                .select(PermissionRow::as_select())
                .load(conn)?;
            let permissions = rows.into_iter().map(Permission::try_from);
            Ok(permissions.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: PermissionId,
    ) -> Result<Option<Permission>, StoreError> {
        self.run(move |conn| {
            let row = workspace_permissions::table
                .find(id_bytes(id.as_uuid()))
                .filter(workspace_permissions::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .select(PermissionRow::as_select())
                .first(conn)
                .optional()?;
            Ok(row.map(Permission::try_from).transpose()?)
        })
        .await
    }

    async fn update(
        &mut self,
        workspace: WorkspaceId,
        permission: &Permission,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = PermissionRow::of(permission);
        self.run(move |conn| {
            let workspace = id_bytes(workspace.as_uuid());
            let one = workspace_permissions::table
                .find(row.id)
                .filter(workspace_permissions::workspace_id.eq(workspace.clone()));
            let before: Option<String> = one
                .clone()
                .select(workspace_permissions::name)
                .first(conn)
                .optional()?;
            let Some(before) = before else {
                return Ok(());
            };
            diesel::update(one)
                .set((
                    workspace_permissions::name.eq(&row.name),
                    workspace_permissions::description.eq(row.description),
                    workspace_permissions::category.eq(row.category),
                    workspace_permissions::updated_at.eq(now.as_millis()),
                ))
                .execute(conn)?;
            if before != row.name {
                sql_query(RENAME_GRANTS)
                    .bind::<Binary, _>(workspace)
                    .bind::<Text, _>(before)
                    .bind::<Text, _>(row.name)
                    .execute(conn)?;
            }
            Ok(())
        })
        .await
    }

    async fn delete(
        &mut self,
        workspace: WorkspaceId,
        id: PermissionId,
    ) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let deleted = sql_query(DELETE)
                .bind::<Binary, _>(id_bytes(workspace.as_uuid()))
                .bind::<Binary, _>(id_bytes(id.as_uuid()))
                .execute(conn)?;
            Ok(deleted > 0)
        })
        .await
    }
}
