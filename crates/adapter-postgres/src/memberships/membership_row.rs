//! A membership's row.

use diesel::prelude::*;
use kogents_domain::ids::{RoleId, UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Membership, MembershipStatus};
use uuid::Uuid;

use crate::error::unreadable;
use crate::schema::memberships;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, check_for_backend(diesel::pg::Pg))]
pub(crate) struct MembershipRow {
    workspace_id: Uuid,
    user_id: Uuid,
    role_id: Uuid,
    status: String,
    created_at: i64,
    updated_at: i64,
}

impl From<&Membership> for MembershipRow {
    fn from(membership: &Membership) -> Self {
        Self {
            workspace_id: *membership.workspace_id.as_uuid(),
            user_id: *membership.user_id.as_uuid(),
            role_id: *membership.role_id.as_uuid(),
            status: membership.status.as_str().to_owned(),
            created_at: membership.created_at.as_millis(),
            updated_at: membership.updated_at.as_millis(),
        }
    }
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StoreError;
    fn try_from(row: MembershipRow) -> Result<Self, StoreError> {
        Ok(Self {
            workspace_id: WorkspaceId::from_uuid(row.workspace_id),
            user_id: UserId::from_uuid(row.user_id),
            role_id: RoleId::from_uuid(row.role_id),
            status: MembershipStatus::from_name(&row.status)
                .ok_or_else(|| unreadable("memberships.status"))?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}
