//! Where a person is active, and as what.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};
use diesel::sqlite::SqliteConnection;
use kogents_domain::access::Role;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    MAX_LISTED, MembershipStatus, PersonMembership, Standing, WorkspaceOfPerson,
};

use super::row::MembershipRow;
use crate::columns::{count, id_bytes};
use crate::error::{Failure, InvalidRow};
use crate::roles::RoleRow;
use crate::schema::{memberships, roles, workspaces};
use crate::workspaces::WorkspaceRow;

/// How many members and how many live sessions each workspace of a person has.
///
/// `?1` person, `?2` now, `?3` how many workspaces.
const COUNTS: &str = "SELECT mine.workspace_id AS workspace_id, \
    (SELECT count(*) FROM memberships AS theirs \
        WHERE theirs.workspace_id = mine.workspace_id) AS members, \
    (SELECT count(*) FROM sessions WHERE sessions.workspace_id = mine.workspace_id \
        AND ended_at IS NULL AND idle_expires_at > ?2 AND absolute_expires_at > ?2) AS sessions \
    FROM memberships AS mine WHERE mine.user_id = ?1 AND mine.status = 'ACTIVE' \
    ORDER BY mine.created_at, mine.workspace_id LIMIT ?3";

type Rows = (WorkspaceRow, RoleRow);

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = Binary)]
    workspace_id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    members: i64,
    #[diesel(sql_type = BigInt)]
    sessions: i64,
}

fn standing((workspace, role): Rows) -> Result<Standing, InvalidRow> {
    Ok(Standing {
        workspace: workspace.try_into()?,
        role: role.try_into()?,
    })
}

/// The person's active memberships, in one workspace or in all, the oldest first.
fn find_active(
    conn: &mut SqliteConnection,
    user: UserId,
    workspace: Option<WorkspaceId>,
    limit: u32,
) -> Result<Vec<Standing>, Failure> {
    let mut query = memberships::table
        .inner_join(workspaces::table.on(workspaces::id.eq(memberships::workspace_id)))
        .inner_join(roles::table.on(roles::id.eq(memberships::role_id)))
        .filter(memberships::user_id.eq(id_bytes(user.as_uuid())))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .order((
            memberships::created_at.asc(),
            memberships::workspace_id.asc(),
        ))
        .limit(i64::from(limit))
        .select((WorkspaceRow::as_select(), RoleRow::as_select()))
        .into_boxed();
    if let Some(workspace) = workspace {
        query = query.filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())));
    }
    let rows: Vec<Rows> = query.load(conn)?;
    Ok(rows.into_iter().map(standing).collect::<Result<_, _>>()?)
}

/// In the preferred workspace, else in the oldest.
pub(super) fn find(
    conn: &mut SqliteConnection,
    user: UserId,
    preferred: Option<WorkspaceId>,
) -> Result<Option<Standing>, Failure> {
    if preferred.is_some() {
        let there = find_active(conn, user, preferred, 1)?;
        if let Some(standing) = there.into_iter().next() {
            return Ok(Some(standing));
        }
    }
    Ok(find_active(conn, user, None, 1)?.into_iter().next())
}

pub(super) fn find_role(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Role>, Failure> {
    let row = memberships::table
        .find((id_bytes(workspace.as_uuid()), id_bytes(user.as_uuid())))
        .inner_join(roles::table.on(roles::id.eq(memberships::role_id)))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .select(RoleRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Role::try_from).transpose()?)
}

/// Of whatever status.
pub(super) fn list_all(
    conn: &mut SqliteConnection,
    user: UserId,
) -> Result<Vec<PersonMembership>, Failure> {
    let rows: Vec<(MembershipRow, WorkspaceRow, RoleRow)> = memberships::table
        .inner_join(workspaces::table.on(workspaces::id.eq(memberships::workspace_id)))
        .inner_join(roles::table.on(roles::id.eq(memberships::role_id)))
        .filter(memberships::user_id.eq(id_bytes(user.as_uuid())))
        .order(memberships::workspace_id.asc())
        .select((
            MembershipRow::as_select(),
            WorkspaceRow::as_select(),
            RoleRow::as_select(),
        ))
        .load(conn)?;
    let mut all = Vec::with_capacity(rows.len());
    for (membership, workspace, role) in rows {
        all.push(PersonMembership {
            membership: membership.try_into()?,
            standing: standing((workspace, role))?,
        });
    }
    Ok(all)
}

pub(super) fn list(
    conn: &mut SqliteConnection,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<WorkspaceOfPerson>, Failure> {
    let counts: Vec<Counts> = sql_query(COUNTS)
        .bind::<Binary, _>(id_bytes(user.as_uuid()))
        .bind::<BigInt, _>(now.as_millis())
        .bind::<BigInt, _>(i64::from(MAX_LISTED))
        .load(conn)?;
    let mut counts: HashMap<Vec<u8>, (u64, u64)> = counts
        .into_iter()
        .map(|row| (row.workspace_id, (count(row.members), count(row.sessions))))
        .collect();
    let standings = find_active(conn, user, None, MAX_LISTED)?;
    let listed = standings.into_iter().map(|standing| {
        let id = id_bytes(standing.workspace.id.as_uuid());
        let (members, active_sessions) = counts.remove(&id).unwrap_or_default();
        WorkspaceOfPerson {
            standing,
            members,
            active_sessions,
        }
    });
    Ok(listed.collect())
}
