//! The row of a role.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::access::{Role, RoleName, SystemRole};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::time::Timestamp;

use crate::columns::{id, id_bytes, named, parsed};
use crate::error::InvalidRow;
use crate::schema::roles;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = roles, treat_none_as_default_value = false, check_for_backend(Sqlite))]
pub(crate) struct RoleRow {
    pub(super) id: Vec<u8>,
    pub(super) workspace_id: Vec<u8>,
    pub(super) name: String,
    pub(super) description: String,
    system_key: Option<String>,
    is_active: bool,
    created_at: i64,
    pub(super) updated_at: i64,
}

impl RoleRow {
    pub(super) fn of(role: &Role) -> Self {
        Self {
            id: id_bytes(role.id.as_uuid()),
            workspace_id: id_bytes(role.workspace_id.as_uuid()),
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
    type Error = InvalidRow;

    fn try_from(row: RoleRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            id: RoleId::from_uuid(id(&row.id, "roles.id")?),
            workspace_id: WorkspaceId::from_uuid(id(&row.workspace_id, "roles.workspace_id")?),
            name: parsed(&row.name, RoleName::parse, "roles.name")?,
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
