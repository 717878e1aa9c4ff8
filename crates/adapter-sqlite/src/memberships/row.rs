//! The row of a membership.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use kogents_domain::ids::{RoleId, UserId, WorkspaceId};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Membership, MembershipStatus};

use crate::columns::{id, id_bytes, named};
use crate::error::InvalidRow;
use crate::schema::memberships;

/// All but the keys, which are not the domain's.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, check_for_backend(Sqlite))]
pub(crate) struct MembershipRow {
    pub(super) workspace_id: Vec<u8>,
    pub(super) user_id: Vec<u8>,
    pub(super) role_id: Vec<u8>,
    pub(super) status: String,
    created_at: i64,
    pub(super) updated_at: i64,
}

impl MembershipRow {
    pub(super) fn of(membership: &Membership) -> Self {
        Self {
            workspace_id: id_bytes(membership.workspace_id.as_uuid()),
            user_id: id_bytes(membership.user_id.as_uuid()),
            role_id: id_bytes(membership.role_id.as_uuid()),
            status: membership.status.as_str().to_owned(),
            created_at: membership.created_at.as_millis(),
            updated_at: membership.updated_at.as_millis(),
        }
    }
}

impl TryFrom<MembershipRow> for Membership {
    type Error = InvalidRow;

    fn try_from(row: MembershipRow) -> Result<Self, InvalidRow> {
        Ok(Self {
            workspace_id: WorkspaceId::from_uuid(id(
                &row.workspace_id,
                "memberships.workspace_id",
            )?),
            user_id: UserId::from_uuid(id(&row.user_id, "memberships.user_id")?),
            role_id: RoleId::from_uuid(id(&row.role_id, "memberships.role_id")?),
            status: named(
                &row.status,
                MembershipStatus::from_name,
                "memberships.status",
            )?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
        })
    }
}
