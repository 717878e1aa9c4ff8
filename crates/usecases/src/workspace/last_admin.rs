//! That a workspace is never left without an admin.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::User;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::{Membership, MembershipStatus};

/// Whether a member is the only active admin that their workspace has. The caller holds the
/// workspace's row, so that the answer stays true.
pub(crate) async fn is_last_admin(
    unit: &mut dyn UnitOfWork,
    user: &User,
    membership: &Membership,
    role: &Role,
) -> Result<bool, StoreError> {
    let counts = role.system == Some(SystemRole::Admin)
        && membership.status == MembershipStatus::Active
        && !user.is_suspended();
    if !counts {
        return Ok(false);
    }
    let workspace = membership.workspace_id;
    let admins = unit.memberships().count_active_admins(workspace).await?;
    Ok(admins <= 1)
}
