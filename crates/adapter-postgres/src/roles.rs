//! Roles, and what was granted to them.

mod grants;

use async_trait::async_trait;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::{
    PermissionName, Role, RoleName, RoleRepository, RoleSummary, SystemRole,
};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::rows;
use crate::schema::{invitations, memberships, role_permissions, roles};
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = roles,
    treat_none_as_default_value = false,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct RoleRow {
    id: Uuid,
    workspace_id: Uuid,
    name: String,
    description: String,
    system_key: Option<String>,
    is_active: bool,
    created_at: i64,
    updated_at: i64,
}

impl From<&Role> for RoleRow {
    fn from(role: &Role) -> Self {
        Self {
            id: *role.id.as_uuid(),
            workspace_id: *role.workspace_id.as_uuid(),
            name: role.name.as_str().to_owned(),
            description: role.description.clone(),
            system_key: role.system.map(|system| system.key().to_owned()),
            is_active: role.is_active,
            created_at: role.created_at.as_millis(),
            updated_at: role.updated_at.as_millis(),
        }
    }
}

impl TryFrom<RoleRow> for Role {
    type Error = StoreError;
    fn try_from(row: RoleRow) -> Result<Self, StoreError> {
        let system = row
            .system_key
            .as_deref()
            .map(|key| SystemRole::from_key(key).ok_or_else(|| unreadable("roles.system_key")))
            .transpose()?;
        Ok(Self {
            id: RoleId::from_uuid(row.id),
            workspace_id: WorkspaceId::from_uuid(row.workspace_id),
            name: RoleName::parse(&row.name).map_err(|_| unreadable("roles.name"))?,
            description: row.description,
            system,
            is_active: row.is_active,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}

#[async_trait]
impl RoleRepository for PgUnitOfWork {
    async fn insert(&mut self, role: &Role) -> Result<(), StoreError> {
        let insert = diesel::insert_into(roles::table).values(RoleRow::from(role));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find(
        &mut self,
        workspace: WorkspaceId,
        id: RoleId,
    ) -> Result<Option<Role>, StoreError> {
        let query = roles::table
            .find(*id.as_uuid())
            .filter(roles::workspace_id.eq(*workspace.as_uuid()))
            .select(RoleRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn find_by_name(
        &mut self,
        workspace: WorkspaceId,
        name: &RoleName,
    ) -> Result<Option<Role>, StoreError> {
        let query = roles::table
            .filter(roles::workspace_id.eq(*workspace.as_uuid()))
            .filter(roles::name.eq(name.as_str().to_owned()))
            .select(RoleRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows::first(rows)
    }

    async fn list(&mut self, workspace: WorkspaceId) -> Result<Vec<RoleSummary>, StoreError> {
        let workspace = *workspace.as_uuid();
        let users = memberships::table
            .filter(memberships::workspace_id.eq(workspace))
            .filter(memberships::role_id.eq(roles::id))
            .count()
            .single_value()
            .assume_not_null();
        let granted = role_permissions::table
            .filter(role_permissions::role_id.eq(roles::id))
            .count()
            .single_value()
            .assume_not_null();
        let query = roles::table
            .filter(roles::workspace_id.eq(workspace))
            .order((roles::created_at.asc(), roles::id.asc()))
            .select((RoleRow::as_select(), users, granted));
        let rows: Vec<(RoleRow, i64, i64)> = ask!(self, connection => query.load(connection))?;
        rows.into_iter()
            .map(|(role, users, granted)| {
                Ok(RoleSummary {
                    role: role.try_into()?,
                    users: rows::counter(users, "count of members")?,
                    granted: rows::counter(granted, "count of grants")?,
                })
            })
            .collect()
    }

    async fn update(&mut self, role: &Role) -> Result<(), StoreError> {
        let row = RoleRow::from(role);
        let update = diesel::update(roles::table.find(row.id))
            .filter(roles::workspace_id.eq(row.workspace_id))
            .set((
                roles::name.eq(row.name),
                roles::description.eq(row.description),
                roles::updated_at.eq(row.updated_at),
            ));
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn delete(&mut self, workspace: WorkspaceId, id: RoleId) -> Result<bool, StoreError> {
        // Who refers to it is asked for: the foreign keys would tell at commit only. What was
        // granted to it goes with it.
        let (workspace, id) = (*workspace.as_uuid(), *id.as_uuid());
        let members = memberships::table
            .filter(memberships::workspace_id.eq(workspace))
            .filter(memberships::role_id.eq(id));
        let invited = invitations::table
            .filter(invitations::workspace_id.eq(workspace))
            .filter(invitations::role_id.eq(id));
        let delete = diesel::delete(roles::table)
            .filter(roles::id.eq(id))
            .filter(roles::workspace_id.eq(workspace))
            .filter(not(exists(members)))
            .filter(not(exists(invited)));
        Ok(ask!(self, connection => delete.execute(connection))? == 1)
    }

    async fn granted(&mut self, role: RoleId) -> Result<Vec<PermissionName>, StoreError> {
        grants::granted(self, role).await
    }

    async fn granted_in(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<(RoleId, PermissionName)>, StoreError> {
        grants::granted_in(self, workspace).await
    }

    async fn grant(&mut self, role: RoleId, names: &[PermissionName]) -> Result<(), StoreError> {
        grants::grant(self, role, names).await
    }

    async fn withdraw(&mut self, role: RoleId, names: &[PermissionName]) -> Result<(), StoreError> {
        grants::withdraw(self, role, names).await
    }
}
