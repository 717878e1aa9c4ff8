//! Looks up who stands at some places of a directory.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::StoreError;
use kogents_domain::workspace::DirectoryEntry;
use uuid::Uuid;

use super::cutting::Place;
use crate::invitations::InvitationRow;
use crate::memberships::MembershipRow;
use crate::roles::RoleRow;
use crate::rows;
use crate::schema::{invitations, memberships, roles, users};
use crate::unit_of_work::{PgUnitOfWork, ask};
use crate::users::UserRow;

/// `$1` persons, `$2` the workspace. Of each person only the newest sessions are looked at, in
/// whatever workspace they are: one who signs in often elsewhere costs no more than others.
const LAST_ACTIVE: &str = "SELECT g.id, ( \
        SELECT max(a.last_activity_at) FROM ( \
            SELECT s.id, s.workspace_id FROM sessions AS s WHERE s.user_id = g.id \
            ORDER BY s.id DESC LIMIT 50) AS newest \
        JOIN session_activity AS a ON a.id = newest.id \
        WHERE newest.workspace_id = $2) AS last_active_at \
    FROM kogents_given($1) AS g";

#[derive(QueryableByName)]
struct LastActive {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_active_at: Option<i64>,
}

/// Those at the places, in their order; who is not there is left out.
pub(super) async fn entries(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    places: &[Place],
) -> Result<Vec<DirectoryEntry>, StoreError> {
    let ids = |members: bool| -> Vec<Uuid> {
        let those = places.iter().filter(|place| place.is_member == members);
        those.map(|place| place.id).collect()
    };
    let mut found = members(unit, workspace, ids(true)).await?;
    found.extend(invited(unit, workspace, ids(false)).await?);
    Ok(places
        .iter()
        .filter_map(|place| found.remove(place))
        .collect())
}

async fn members(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    ids: Vec<Uuid>,
) -> Result<HashMap<Place, DirectoryEntry>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = memberships::table
        .inner_join(users::table)
        .inner_join(roles::table)
        .filter(memberships::workspace_id.eq(*workspace.as_uuid()))
        .filter(memberships::user_id.eq_any(ids.clone()))
        .select((
            users::id,
            UserRow::as_select(),
            MembershipRow::as_select(),
            RoleRow::as_select(),
        ));
    let rows: Vec<(Uuid, UserRow, MembershipRow, RoleRow)> =
        ask!(unit, connection => query.load(connection))?;
    let last_active = last_active(unit, workspace, ids).await?;
    rows.into_iter()
        .map(|(id, user, membership, role)| {
            let last_active_at = last_active.get(&id).copied().flatten();
            let entry = DirectoryEntry::Member {
                user: Box::new(user.try_into()?),
                membership: membership.try_into()?,
                role: role.try_into()?,
                last_active_at: rows::moment(last_active_at),
            };
            let is_member = true;
            Ok((Place { id, is_member }, entry))
        })
        .collect()
}

/// When persons were last active in a workspace.
async fn last_active(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    persons: Vec<Uuid>,
) -> Result<HashMap<Uuid, Option<i64>>, StoreError> {
    let query = sql_query(LAST_ACTIVE)
        .bind::<Array<SqlUuid>, _>(persons)
        .bind::<SqlUuid, _>(*workspace.as_uuid());
    let rows: Vec<LastActive> = ask!(unit, connection => query.load(connection))?;
    let known = rows.into_iter().map(|row| (row.id, row.last_active_at));
    Ok(known.collect())
}

async fn invited(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
    ids: Vec<Uuid>,
) -> Result<HashMap<Place, DirectoryEntry>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = invitations::table
        .inner_join(roles::table)
        .filter(invitations::workspace_id.eq(*workspace.as_uuid()))
        .filter(invitations::id.eq_any(ids))
        .select((
            invitations::id,
            InvitationRow::as_select(),
            RoleRow::as_select(),
        ));
    let rows: Vec<(Uuid, InvitationRow, RoleRow)> =
        ask!(unit, connection => query.load(connection))?;
    rows.into_iter()
        .map(|(id, invitation, role)| {
            let entry = DirectoryEntry::Invited {
                invitation: Box::new(invitation.try_into()?),
                role: role.try_into()?,
            };
            let is_member = false;
            Ok((Place { id, is_member }, entry))
        })
        .collect()
}
