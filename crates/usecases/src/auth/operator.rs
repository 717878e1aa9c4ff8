//! What an operator's deeds share: who hears of them.

use kogents_domain::audit::AuditAction;
use kogents_domain::ids::{IdGenerator, NoticeId, UserId, WorkspaceId};
use kogents_domain::notice::{Notice, NoticeKind};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::PersonMembership;

use crate::audit::{AuditDesk, Deed, Doer};

/// A notice of this moment.
pub(crate) fn posted(
    ids: &dyn IdGenerator,
    kind: NoticeKind,
    user_id: UserId,
    at: Timestamp,
) -> Notice {
    Notice {
        id: NoticeId::from_uuid(ids.next()),
        kind,
        user_id,
        at,
    }
}

/// Tells every workspace that a person is in of what was done to them altogether, and gives the
/// person's memberships; where they are in no workspace, it is in no workspace's log. An operator is no
/// actor: nothing proves who it is.
pub(crate) async fn tell_of_person(
    audit: &AuditDesk,
    unit: &mut dyn UnitOfWork,
    action: AuditAction,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<PersonMembership>, StoreError> {
    let memberships = unit.memberships().list_all_of_person(user).await?;
    let mut workspaces: Vec<Option<WorkspaceId>> = memberships
        .iter()
        .map(|member| Some(member.membership.workspace_id))
        .collect();
    if workspaces.is_empty() {
        workspaces.push(None);
    }
    for workspace in workspaces {
        let by = Doer::NOBODY.in_workspace(workspace);
        audit.record(unit, by, Deed::to(action, user), now).await?;
    }
    Ok(memberships)
}
