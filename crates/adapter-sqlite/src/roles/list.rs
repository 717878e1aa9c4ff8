//! The roles of a workspace with who has them and what they hold.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use kogents_domain::access::{Role, RoleSummary};
use kogents_domain::ids::WorkspaceId;

use super::row::RoleRow;
use crate::columns::{count, id_bytes};
use crate::error::{Failure, InvalidRow};
use crate::schema::{memberships, role_permissions, roles};

pub(super) fn list(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
) -> Result<Vec<RoleSummary>, Failure> {
    let workspace = id_bytes(workspace.as_uuid());
    let rows = roles::table
        .filter(roles::workspace_id.eq(&workspace))
        .order((roles::created_at.asc(), roles::id.asc()))
        .select(RoleRow::as_select())
        .load(conn)?;
    let users: Vec<(Vec<u8>, i64)> = memberships::table
        .filter(memberships::workspace_id.eq(&workspace))
        .group_by(memberships::role_id)
        .select((memberships::role_id, count_star()))
        .load(conn)?;
    let granted: Vec<(Vec<u8>, i64)> = role_permissions::table
        .inner_join(roles::table.on(roles::id.eq(role_permissions::role_id)))
        .filter(roles::workspace_id.eq(&workspace))
        .group_by(role_permissions::role_id)
        .select((role_permissions::role_id, count_star()))
        .load(conn)?;
    let users: HashMap<Vec<u8>, i64> = users.into_iter().collect();
    let granted: HashMap<Vec<u8>, i64> = granted.into_iter().collect();
    let summaries = rows.into_iter().map(|row| {
        Ok(RoleSummary {
            users: of(&users, &row),
            granted: of(&granted, &row),
            role: Role::try_from(row)?,
        })
    });
    Ok(summaries.collect::<Result<_, InvalidRow>>()?)
}

fn of(counts: &HashMap<Vec<u8>, i64>, role: &RoleRow) -> u64 {
    counts.get(&role.id).copied().map_or(0, count)
}
