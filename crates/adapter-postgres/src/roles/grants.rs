//! What was granted to roles of a workspace's own.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::PermissionName;
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::StoreError;
use uuid::Uuid;

use crate::error::unreadable;
use crate::schema::{role_permissions, roles};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// What was granted to one role, by name.
pub(super) async fn granted(
    unit: &mut PgUnitOfWork,
    role: RoleId,
) -> Result<Vec<PermissionName>, StoreError> {
    let query = role_permissions::table
        .filter(role_permissions::role_id.eq(*role.as_uuid()))
        .select(role_permissions::permission);
    let rows: Vec<String> = ask!(unit, connection => query.load(connection))?;
    let mut names: Vec<PermissionName> = rows
        .iter()
        .map(|text| permission(text))
        .collect::<Result<_, _>>()?;
    // Here and not there: the database's own order of texts depends on how it was made.
    names.sort_unstable();
    Ok(names)
}

/// What was granted to each role of a workspace.
pub(super) async fn granted_in(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
) -> Result<Vec<(RoleId, PermissionName)>, StoreError> {
    let query = role_permissions::table
        .inner_join(roles::table)
        .filter(roles::workspace_id.eq(*workspace.as_uuid()))
        .select((role_permissions::role_id, role_permissions::permission));
    let rows: Vec<(Uuid, String)> = ask!(unit, connection => query.load(connection))?;
    rows.into_iter()
        .map(|(role, text)| Ok((RoleId::from_uuid(role), permission(&text)?)))
        .collect()
}

/// Grants what is not granted yet.
pub(super) async fn grant(
    unit: &mut PgUnitOfWork,
    role: RoleId,
    names: &[PermissionName],
) -> Result<(), StoreError> {
    let rows: Vec<_> = names
        .iter()
        .map(|name| {
            (
                role_permissions::role_id.eq(*role.as_uuid()),
                role_permissions::permission.eq(name.as_str().to_owned()),
            )
        })
        .collect();
    let insert = diesel::insert_into(role_permissions::table)
        .values(rows)
        .on_conflict_do_nothing();
    ask!(unit, connection => insert.execute(connection))?;
    Ok(())
}

/// Takes what is granted.
pub(super) async fn withdraw(
    unit: &mut PgUnitOfWork,
    role: RoleId,
    names: &[PermissionName],
) -> Result<(), StoreError> {
    let names: Vec<String> = names.iter().map(|name| name.as_str().to_owned()).collect();
    let delete = diesel::delete(role_permissions::table)
        .filter(role_permissions::role_id.eq(*role.as_uuid()))
        .filter(role_permissions::permission.eq_any(names));
    ask!(unit, connection => delete.execute(connection))?;
    Ok(())
}

fn permission(text: &str) -> Result<PermissionName, StoreError> {
    PermissionName::parse(text).map_err(|_| unreadable("role_permissions.permission"))
}
