//! Counts memberships.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::access::SystemRole;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::StoreError;
use kogents_domain::workspace::MembershipStatus;

use crate::rows;
use crate::schema::{memberships, roles, users};
use crate::unit_of_work::{PgUnitOfWork, ask};

const COLUMN: &str = "count of memberships";

/// Those of a person.
pub(super) async fn of_person(unit: &mut PgUnitOfWork, user: UserId) -> Result<u64, StoreError> {
    let query = memberships::table
        .filter(memberships::user_id.eq(*user.as_uuid()))
        .count();
    let count = ask!(unit, connection => query.get_result::<i64>(connection))?;
    rows::counter(count, COLUMN)
}

/// Those in a workspace.
pub(super) async fn of_workspace(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
) -> Result<u64, StoreError> {
    let query = memberships::table
        .filter(memberships::workspace_id.eq(*workspace.as_uuid()))
        .count();
    let count = ask!(unit, connection => query.get_result::<i64>(connection))?;
    rows::counter(count, COLUMN)
}

/// Those in a workspace of active admins who are not suspended altogether.
pub(super) async fn of_active_admins(
    unit: &mut PgUnitOfWork,
    workspace: WorkspaceId,
) -> Result<u64, StoreError> {
    let query = memberships::table
        .inner_join(roles::table)
        .inner_join(users::table)
        .filter(memberships::workspace_id.eq(*workspace.as_uuid()))
        .filter(memberships::status.eq(MembershipStatus::Active.as_str()))
        .filter(roles::workspace_id.eq(*workspace.as_uuid()))
        .filter(roles::system_key.eq(SystemRole::Admin.key()))
        .filter(users::suspended_at.is_null())
        .count();
    let count = ask!(unit, connection => query.get_result::<i64>(connection))?;
    rows::counter(count, COLUMN)
}
