//! Looking up who they are: members with their person and role, invitations with their role.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Nullable};
use diesel::sqlite::{Sqlite, SqliteConnection};
use kogents_domain::auth::User;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{DirectoryEntry, Invitation};

use crate::columns::{id_bytes, moment};
use crate::error::{Failure, InvalidRow};
use crate::invitations::InvitationRow;
use crate::memberships::MembershipRow;
use crate::roles::RoleRow;
use crate::schema::{invitations, memberships, roles, users};
use crate::users::UserRow;

/// Entries by the ids that they are addressed by.
pub(super) type ById = HashMap<Vec<u8>, DirectoryEntry>;

#[derive(QueryableByName)]
struct Activity {
    #[diesel(sql_type = Binary)]
    user_id: Vec<u8>,
    #[diesel(sql_type = Nullable<BigInt>)]
    at: Option<i64>,
}

/// Those of the ids that are members of the workspace.
pub(super) fn members(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
    ids: Vec<Vec<u8>>,
) -> Result<ById, Failure> {
    if ids.is_empty() {
        return Ok(ById::new());
    }
    let mut active = last_active(conn, workspace, &ids)?;
    let rows: Vec<(MembershipRow, UserRow, RoleRow)> = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .inner_join(roles::table.on(roles::id.eq(memberships::role_id)))
        .filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())))
        .filter(memberships::user_id.eq_any(ids))
        .select((
            MembershipRow::as_select(),
            UserRow::as_select(),
            RoleRow::as_select(),
        ))
        .load(conn)?;
    let entries = rows.into_iter().map(|(membership, user, role)| {
        let user = Box::new(User::try_from(user)?);
        let id = id_bytes(user.id.as_uuid());
        let entry = DirectoryEntry::Member {
            user,
            membership: membership.try_into()?,
            role: role.try_into()?,
            last_active_at: active.remove(&id),
        };
        Ok((id, entry))
    });
    Ok(entries.collect::<Result<_, InvalidRow>>()?)
}

/// Those of the ids that are invitations into the workspace.
pub(super) fn invited(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
    ids: Vec<Vec<u8>>,
) -> Result<ById, Failure> {
    if ids.is_empty() {
        return Ok(ById::new());
    }
    let rows: Vec<(InvitationRow, RoleRow)> = invitations::table
        .inner_join(roles::table.on(roles::id.eq(invitations::role_id)))
        .filter(invitations::workspace_id.eq(id_bytes(workspace.as_uuid())))
        .filter(invitations::id.eq_any(ids))
        .select((InvitationRow::as_select(), RoleRow::as_select()))
        .load(conn)?;
    let entries = rows.into_iter().map(|(invitation, role)| {
        let invitation = Box::new(Invitation::try_from(invitation)?);
        let id = id_bytes(invitation.id.as_uuid());
        let role = role.try_into()?;
        Ok((id, DirectoryEntry::Invited { invitation, role }))
    });
    Ok(entries.collect::<Result<_, InvalidRow>>()?)
}

/// When persons were last active in the workspace: of each, only the newest sessions are looked at,
/// however many there are.
///
/// `?1` workspace, and from `?2` on the persons.
fn last_active(
    conn: &mut SqliteConnection,
    workspace: WorkspaceId,
    users: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Timestamp>, Failure> {
    let places: Vec<String> = (2..).take(users.len()).map(|n| format!("?{n}")).collect();
    let mut query = sql_query(format!(
        "SELECT members.user_id AS user_id, (SELECT max(last_activity_at) FROM session_activity \
            JOIN sessions ON sessions.id = session_activity.id \
            WHERE sessions.workspace_id = ?1 AND sessions.id IN (SELECT newest.id \
                FROM sessions AS newest WHERE newest.user_id = members.user_id \
                ORDER BY newest.id DESC LIMIT 50)) AS at \
         FROM memberships AS members \
         WHERE members.workspace_id = ?1 AND members.user_id IN ({})",
        places.join(", ")
    ))
    .into_boxed::<Sqlite>()
    .bind::<Binary, _>(id_bytes(workspace.as_uuid()));
    for user in users {
        query = query.bind::<Binary, _>(user.clone());
    }
    let rows: Vec<Activity> = query.load(conn)?;
    let active = rows.into_iter();
    Ok(active
        .filter_map(|row| Some((row.user_id, moment(row.at)?)))
        .collect())
}
