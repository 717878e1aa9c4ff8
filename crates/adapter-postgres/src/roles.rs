//! Roles.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::{Role, RoleRepository, SystemRole};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::unreadable;
use crate::schema::roles;
use crate::unit_of_work::{PgUnitOfWork, ask};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = roles, check_for_backend(diesel::pg::Pg))]
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
            name: role.name.clone(),
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
            name: row.name,
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
        rows.into_iter().next().map(Role::try_from).transpose()
    }
}
