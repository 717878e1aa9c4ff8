//! Where a person stands.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use kogents_domain::access::Role;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{
    MAX_LISTED, MembershipStatus, PersonMembership, Standing, Workspace, WorkspaceOfPerson,
};

use super::membership_row::MembershipRow;
use crate::roles::RoleRow;
use crate::rows;
use crate::schema::{memberships, roles, workspaces};
use crate::unit_of_work::{PgUnitOfWork, ask};
use crate::workspaces::WorkspaceRow;

/// How many members the workspace has.
const MEMBERS: &str =
    "(SELECT count(*) FROM memberships AS m WHERE m.workspace_id = workspaces.id)";

/// How many sessions in the workspace have neither ended nor reached their idle or their absolute
/// end. Between the parts stands the present moment, twice.
const ACTIVE_SESSIONS: [&str; 3] = [
    "(SELECT count(*) FROM sessions AS s WHERE s.workspace_id = workspaces.id \
        AND s.ended_at IS NULL AND s.idle_expires_at > ",
    " AND s.absolute_expires_at > ",
    ")",
];

/// In the workspace that is preferred, else in the one they have been active in longest.
pub(super) async fn find_standing(
    unit: &mut PgUnitOfWork,
    user: UserId,
    preferred: Option<WorkspaceId>,
) -> Result<Option<Standing>, StoreError> {
    let preferred = preferred.map(|id| *id.as_uuid());
    let is_preferred = memberships::workspace_id
        .nullable()
        .is_not_distinct_from(preferred);
    let query = memberships::table
        .inner_join(workspaces::table)
        .inner_join(roles::table)
        .filter(memberships::user_id.eq(*user.as_uuid()))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .order((
            is_preferred.desc(),
            memberships::created_at.asc(),
            memberships::workspace_id.asc(),
        ))
        .limit(1)
        .select((WorkspaceRow::as_select(), RoleRow::as_select()));
    let rows = ask!(unit, connection => query.load::<(WorkspaceRow, RoleRow)>(connection))?;
    rows.into_iter().next().map(standing).transpose()
}

/// The role where they are active.
pub(super) async fn find_role(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Role>, StoreError> {
    let query = memberships::table
        .inner_join(roles::table)
        .filter(memberships::workspace_id.eq(*workspace.as_uuid()))
        .filter(memberships::user_id.eq(*user.as_uuid()))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .select(RoleRow::as_select());
    let rows = ask!(unit, connection => query.load(connection))?;
    rows::first(rows)
}

/// All workspaces that they are active in, up to a number.
pub(super) async fn list(
    unit: &mut PgUnitOfWork,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<WorkspaceOfPerson>, StoreError> {
    let [idle, absolute, end] = ACTIVE_SESSIONS;
    let active_sessions = sql::<BigInt>(idle)
        .bind::<BigInt, _>(now.as_millis())
        .sql(absolute)
        .bind::<BigInt, _>(now.as_millis())
        .sql(end);
    let query = memberships::table
        .inner_join(workspaces::table)
        .inner_join(roles::table)
        .filter(memberships::user_id.eq(*user.as_uuid()))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .order((
            memberships::created_at.asc(),
            memberships::workspace_id.asc(),
        ))
        .limit(i64::from(MAX_LISTED))
        .select((
            WorkspaceRow::as_select(),
            RoleRow::as_select(),
            sql::<BigInt>(MEMBERS),
            active_sessions,
        ));
    let rows: Vec<(WorkspaceRow, RoleRow, i64, i64)> =
        ask!(unit, connection => query.load(connection))?;
    rows.into_iter()
        .map(|(workspace, role, members, active_sessions)| {
            Ok(WorkspaceOfPerson {
                standing: standing((workspace, role))?,
                members: rows::counter(members, "count of members")?,
                active_sessions: rows::counter(active_sessions, "count of sessions")?,
            })
        })
        .collect()
}

/// All memberships, of whatever status.
pub(super) async fn list_all(
    unit: &mut PgUnitOfWork,
    user: UserId,
) -> Result<Vec<PersonMembership>, StoreError> {
    let query = memberships::table
        .inner_join(workspaces::table)
        .inner_join(roles::table)
        .filter(memberships::user_id.eq(*user.as_uuid()))
        .order(memberships::workspace_id.asc())
        .select((
            MembershipRow::as_select(),
            WorkspaceRow::as_select(),
            RoleRow::as_select(),
        ));
    let rows: Vec<(MembershipRow, WorkspaceRow, RoleRow)> =
        ask!(unit, connection => query.load(connection))?;
    rows.into_iter()
        .map(|(membership, workspace, role)| {
            Ok(PersonMembership {
                membership: membership.try_into()?,
                standing: standing((workspace, role))?,
            })
        })
        .collect()
}

fn standing((workspace, role): (WorkspaceRow, RoleRow)) -> Result<Standing, StoreError> {
    Ok(Standing {
        workspace: Workspace::try_from(workspace)?,
        role: Role::try_from(role)?,
    })
}
