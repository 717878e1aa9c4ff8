//! Roles: `RoleRepository` on the table `roles`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::access::{Role, RoleRepository, SystemRole};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::columns::{id, id_bytes, named};
use crate::error::InvalidRow;
use crate::schema::roles;
use crate::unit_of_work::SqliteUnitOfWork;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = roles, check_for_backend(Sqlite))]
pub(crate) struct RoleRow {
    id: Vec<u8>,
    workspace_id: Vec<u8>,
    name: String,
    description: String,
    system_key: Option<String>,
    is_active: bool,
    created_at: i64,
    updated_at: i64,
}

impl RoleRow {
    fn of(role: &Role) -> Self {
        Self {
            id: id_bytes(role.id.as_uuid()),
            workspace_id: id_bytes(role.workspace_id.as_uuid()),
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
    type Error = InvalidRow;

    fn try_from(row: RoleRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: RoleId::from_uuid(id(&row.id, "roles.id")?),
            workspace_id: WorkspaceId::from_uuid(id(&row.workspace_id, "roles.workspace_id")?),
            name: row.name,
            description: row.description,
            system: row
                .system_key
                .map(|key| named(&key, SystemRole::from_key, "roles.system_key"))
                .transpose()?,
            is_active: row.is_active,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
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
            Ok(row.map(Role::try_from).transpose()?)
        })
        .await
    }
}
