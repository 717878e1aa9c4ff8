//! Roles: `RoleRepository` on the tables `roles` and `role_permissions`.

mod grants;
mod list;
mod row;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Binary;
use kogents_domain::access::{PermissionName, Role, RoleName, RoleRepository, RoleSummary};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::StoreError;

pub(crate) use self::row::RoleRow;
use crate::columns::id_bytes;
use crate::error::InvalidRow;
use crate::schema::roles;
use crate::unit_of_work::SqliteUnitOfWork;

/// What refers to a role is only checked at the commit, which would then fail. An invitation keeps
/// it, expired or not: it can be sent again.
///
/// `?1` workspace, `?2` role.
const DELETE: &str = "DELETE FROM roles WHERE workspace_id = ?1 AND id = ?2 \
    AND NOT EXISTS (SELECT 1 FROM memberships WHERE workspace_id = ?1 AND role_id = ?2) \
    AND NOT EXISTS (SELECT 1 FROM invitations WHERE workspace_id = ?1 AND role_id = ?2)";

fn role(row: Option<RoleRow>) -> Result<Option<Role>, InvalidRow> {
    row.map(Role::try_from).transpose()
}

#[async_trait]
impl RoleRepository for SqliteUnitOfWork {
    async fn insert(&mut self, role: &Role) -> Result<(), StoreError> {
        let row = RoleRow::of(role);
        self.run(move |conn| {
            diesel::insert_into(roles::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: RoleId,
    ) -> Result<Option<Role>, StoreError> {
        self.run(move |conn| {
            let row = roles::table
                .filter(roles::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .filter(roles::id.eq(id_bytes(id.as_uuid())))
                .select(RoleRow::as_select())
                .first(conn)
                .optional()?;
            Ok(role(row)?)
        })
        .await
    }

    async fn find_by_name(
        &mut self,
        workspace: WorkspaceId,
        name: &RoleName,
    ) -> Result<Option<Role>, StoreError> {
        let name = name.as_str().to_owned();
        self.run(move |conn| {
            let row = roles::table
                .filter(roles::workspace_id.eq(id_bytes(workspace.as_uuid())))
                .filter(roles::name.eq(name))
                .select(RoleRow::as_select())
                .first(conn)
                .optional()?;
            Ok(role(row)?)
        })
        .await
    }

    async fn list(&mut self, workspace: WorkspaceId) -> Result<Vec<RoleSummary>, StoreError> {
        self.run(move |conn| list::list(conn, workspace)).await
    }

    async fn update(&mut self, role: &Role) -> Result<(), StoreError> {
        let row = RoleRow::of(role);
        self.run(move |conn| {
            let one = roles::table
                .filter(roles::workspace_id.eq(row.workspace_id))
                .filter(roles::id.eq(row.id));
            diesel::update(one)
                .set((
                    roles::name.eq(row.name),
                    roles::description.eq(row.description),
                    roles::updated_at.eq(row.updated_at),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn delete(&mut self, workspace: WorkspaceId, id: RoleId) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let deleted = sql_query(DELETE)
                .bind::<Binary, _>(id_bytes(workspace.as_uuid()))
                .bind::<Binary, _>(id_bytes(id.as_uuid()))
                .execute(conn)?;
            Ok(deleted > 0)
        })
        .await
    }

    async fn granted(&mut self, role: RoleId) -> Result<Vec<PermissionName>, StoreError> {
        self.run(move |conn| grants::list(conn, role)).await
    }

    async fn granted_in(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<(RoleId, PermissionName)>, StoreError> {
        self.run(move |conn| grants::list_in(conn, workspace)).await
    }

    async fn grant(&mut self, role: RoleId, names: &[PermissionName]) -> Result<(), StoreError> {
        let names = grants::texts(names);
        self.run(move |conn| grants::grant(conn, role, names)).await
    }

    async fn withdraw(&mut self, role: RoleId, names: &[PermissionName]) -> Result<(), StoreError> {
        let names = grants::texts(names);
        self.run(move |conn| grants::withdraw(conn, role, names))
            .await
    }
}
