//! What was granted to roles: the table `role_permissions`.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use kogents_domain::access::PermissionName;
use kogents_domain::ids::{RoleId, WorkspaceId};

use crate::columns::{id, id_bytes, parsed};
use crate::error::{Failure, InvalidRow};
use crate::schema::{role_permissions, roles};

fn name(text: &str) -> Result<PermissionName, InvalidRow> {
    parsed(text, PermissionName::parse, "role_permissions.permission")
}

/// Names as their column keeps them.
pub(super) fn texts(names: &[PermissionName]) -> Vec<String> {
    names.iter().map(|name| name.as_str().to_owned()).collect()
}

pub(super) fn list(
    conn: &mut SqliteConnection,
    role: RoleId,
) -> Result<Vec<PermissionName>, Failure> {
    let rows: Vec<String> = role_permissions::table
        .filter(role_permissions::role_id.eq(id_bytes(role.as_uuid())))
        .order(role_permissions::permission)
        .select(role_permissions::permission)
        .load(conn)?;
    Ok(rows.iter().map(|row| name(row)).collect::<Result<_, _>>()?)
}

pub(super) fn list_in(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
) -> Result<Vec<(RoleId, PermissionName)>, Failure> {
    let rows: Vec<(Vec<u8>, String)> = role_permissions::table
        .inner_join(roles::table.on(roles::id.eq(role_permissions::role_id)))
        .filter(roles::workspace_id.eq(id_bytes(workspace.as_uuid())))
        .select((role_permissions::role_id, role_permissions::permission))
        .load(conn)?;
    let granted = rows.iter().map(|(role, permission)| {
        let role = RoleId::from_uuid(id(role, "role_permissions.role_id")?);
        Ok((role, name(permission)?))
    });
    Ok(granted.collect::<Result<_, InvalidRow>>()?)
}

/// Row by row: a batch would begin a transaction of its own.
pub(super) fn grant(
    conn: &mut SqliteConnection,
    role: RoleId,
    names: Vec<String>,
) -> Result<(), Failure> {
    for name in names {
        diesel::insert_or_ignore_into(role_permissions::table)
            .values((
                role_permissions::role_id.eq(id_bytes(role.as_uuid())),
                role_permissions::permission.eq(name),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn withdraw(
    conn: &mut SqliteConnection,
    role: RoleId,
    names: Vec<String>,
) -> Result<(), Failure> {
    let theirs = role_permissions::table
        .filter(role_permissions::role_id.eq(id_bytes(role.as_uuid())))
        .filter(role_permissions::permission.eq_any(names));
    diesel::delete(theirs).execute(conn)?;
    Ok(())
}
