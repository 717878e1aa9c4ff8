//! Memberships: `MembershipRepository` on the table `memberships`.

use async_trait::async_trait;
use diesel::prelude::*;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::workspace::{Membership, MembershipRepository, MembershipStatus, Standing};

use crate::columns::id_bytes;
use crate::error::InvalidRow;
use crate::roles::RoleRow;
use crate::schema::{memberships, roles, workspaces};
use crate::unit_of_work::SqliteUnitOfWork;
use crate::workspaces::WorkspaceRow;

#[derive(Insertable)]
#[diesel(table_name = memberships)]
struct MembershipRow {
    workspace_id: Vec<u8>,
    user_id: Vec<u8>,
    role_id: Vec<u8>,
    status: &'static str,
    created_at: i64,
    updated_at: i64,
}

fn standing(rows: (WorkspaceRow, RoleRow)) -> Result<Standing, InvalidRow> {
    let (workspace, role) = rows;
    Ok(Standing {
        workspace: workspace.try_into()?,
        role: role.try_into()?,
    })
}

/// The person's active membership in one workspace, or the oldest one.
fn find_active(
    conn: &mut SqliteConnection,
    user: UserId,
    workspace: Option<WorkspaceId>,
) -> QueryResult<Option<(WorkspaceRow, RoleRow)>> {
    let mut query = memberships::table
        .inner_join(workspaces::table.on(workspaces::id.eq(memberships::workspace_id)))
        .inner_join(roles::table.on(roles::id.eq(memberships::role_id)))
        .filter(memberships::user_id.eq(id_bytes(user.as_uuid())))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .order((
            memberships::created_at.asc(),
            memberships::workspace_id.asc(),
        ))
        .select((WorkspaceRow::as_select(), RoleRow::as_select()))
        .into_boxed();
    if let Some(workspace) = workspace {
        query = query.filter(memberships::workspace_id.eq(id_bytes(workspace.as_uuid())));
    }
    query.first(conn).optional()
}

#[async_trait]
impl MembershipRepository for SqliteUnitOfWork {
    async fn insert(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let row = MembershipRow {
            workspace_id: id_bytes(membership.workspace_id.as_uuid()),
            user_id: id_bytes(membership.user_id.as_uuid()),
            role_id: id_bytes(membership.role_id.as_uuid()),
            status: membership.status.as_str(),
            created_at: membership.created_at.as_millis(),
            updated_at: membership.updated_at.as_millis(),
        };
        self.run(move |conn| {
            diesel::insert_into(memberships::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find_standing(
        &mut self,
        user: UserId,
        preferred: Option<WorkspaceId>,
    ) -> Result<Option<Standing>, StoreError> {
        self.run(move |conn| {
            let rows = match preferred {
                Some(_) => find_active(conn, user, preferred)?,
                None => None,
            };
            let rows = match rows {
                Some(rows) => Some(rows),
                None => find_active(conn, user, None)?,
            };
            Ok(rows.map(standing).transpose()?)
        })
        .await
    }
}
