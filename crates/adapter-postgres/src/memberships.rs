//! Memberships.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::Role;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::workspace::{
    Membership, MembershipRepository, MembershipStatus, Standing, Workspace,
};

use crate::roles::RoleRow;
use crate::schema::{memberships, roles, workspaces};
use crate::unit_of_work::{PgUnitOfWork, ask};
use crate::workspaces::WorkspaceRow;

#[async_trait]
impl MembershipRepository for PgUnitOfWork {
    async fn insert(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let insert = diesel::insert_into(memberships::table).values((
            memberships::workspace_id.eq(*membership.workspace_id.as_uuid()),
            memberships::user_id.eq(*membership.user_id.as_uuid()),
            memberships::role_id.eq(*membership.role_id.as_uuid()),
            memberships::status.eq(membership.status.as_str()),
            memberships::created_at.eq(membership.created_at.as_millis()),
            memberships::updated_at.eq(membership.updated_at.as_millis()),
        ));
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find_standing(
        &mut self,
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
        let rows = ask!(self, connection => query.load::<(WorkspaceRow, RoleRow)>(connection))?;
        let Some((workspace, role)) = rows.into_iter().next() else {
            return Ok(None);
        };
        Ok(Some(Standing {
            workspace: Workspace::try_from(workspace)?,
            role: Role::try_from(role)?,
        }))
    }
}
