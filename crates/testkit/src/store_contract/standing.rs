//! Cases of where a person stands.

use kogents_domain::access::Role;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::Scope;
use kogents_domain::workspace::{Membership, MembershipStatus, Standing, Workspace};

use super::accounts::some_workspace_with_role;
use super::support::{StorePort, at, begin, commit, read, some_user};
use crate::builders::{a_membership, unique_id};

async fn insert(store: &StorePort, membership: Membership) {
    let mut unit = begin(store).await;
    unit.memberships().insert(&membership).await.unwrap();
    commit(unit).await;
}

async fn standing(
    store: &StorePort,
    user: UserId,
    preferred: Option<WorkspaceId>,
) -> Option<Standing> {
    let mut unit = read(store).await;
    unit.memberships()
        .find_standing(user, preferred)
        .await
        .unwrap()
}

/// Makes the person an active member of a new workspace since a moment.
async fn joined(store: &StorePort, user: UserId, secs: i64) -> Standing {
    let (workspace, role) = some_workspace_with_role(store).await;
    insert(store, a_membership(user, &role).since(at(secs)).build()).await;
    there(workspace, role)
}

const fn there(workspace: Workspace, role: Role) -> Standing {
    Standing { workspace, role }
}

/// With and without a preference, known or not.
pub async fn a_person_without_membership_stands_nowhere(store: StorePort) {
    let user = some_user(&store).await;
    let (workspace, _) = some_workspace_with_role(&store).await;
    assert_eq!(standing(&store, user.id, None).await, None);
    assert_eq!(standing(&store, user.id, Some(workspace.id)).await, None);
}

/// However young the membership is.
pub async fn the_preferred_workspace_comes_first(store: StorePort) {
    let user = some_user(&store).await;
    joined(&store, user.id, 1).await;
    let younger = joined(&store, user.id, 2).await;
    let preferred = Some(younger.workspace.id);
    assert_eq!(standing(&store, user.id, preferred).await, Some(younger));
}

/// In whatever order they were added.
pub async fn without_preference_the_oldest_membership_counts(store: StorePort) {
    let user = some_user(&store).await;
    joined(&store, user.id, 2).await;
    let oldest = joined(&store, user.id, 1).await;
    joined(&store, user.id, 3).await;
    assert_eq!(standing(&store, user.id, None).await, Some(oldest));
}

/// As if there were no preference.
pub async fn a_preferred_workspace_without_membership_is_ignored(store: StorePort) {
    let user = some_user(&store).await;
    let oldest = joined(&store, user.id, 1).await;
    joined(&store, user.id, 2).await;
    let (foreign, _) = some_workspace_with_role(&store).await;
    let unknown = WorkspaceId::from_uuid(unique_id());
    for preferred in [foreign.id, unknown] {
        let found = standing(&store, user.id, Some(preferred)).await;
        assert_eq!(found.as_ref(), Some(&oldest));
    }
}

/// A membership of any other status is none, preferred or oldest.
pub async fn only_active_memberships_count(store: StorePort) {
    for status in MembershipStatus::ALL {
        if status == MembershipStatus::Active {
            continue;
        }
        let user = some_user(&store).await;
        let (workspace, role) = some_workspace_with_role(&store).await;
        let asleep = a_membership(user.id, &role).since(at(0)).status(status);
        insert(&store, asleep.build()).await;
        assert_eq!(standing(&store, user.id, None).await, None, "{status:?}");
        let preferred = Some(workspace.id);
        assert_eq!(standing(&store, user.id, preferred).await, None);

        let active = joined(&store, user.id, 5).await;
        for preferred in [None, preferred] {
            let found = standing(&store, user.id, preferred).await;
            assert_eq!(found.as_ref(), Some(&active), "{status:?}");
        }
    }
}

/// Not even in the preferred workspace.
pub async fn another_persons_membership_is_no_standing(store: StorePort) {
    let (user, other) = (some_user(&store).await, some_user(&store).await);
    let theirs = joined(&store, other.id, 1).await;
    assert_eq!(standing(&store, user.id, None).await, None);
    let preferred = Some(theirs.workspace.id);
    assert_eq!(standing(&store, user.id, preferred).await, None);
    assert_eq!(standing(&store, other.id, None).await, Some(theirs));
}

/// A person's own scope reaches over all their workspaces.
pub async fn a_standing_is_seen_in_the_scope_of_its_person(store: StorePort) {
    let user = some_user(&store).await;
    let oldest = joined(&store, user.id, 1).await;
    let younger = joined(&store, user.id, 2).await;
    let mut unit = store.read(Scope::Person(user.id)).await.unwrap();
    let memberships = unit.memberships();
    let found = memberships.find_standing(user.id, None).await.unwrap();
    assert_eq!(found, Some(oldest));
    let preferred = Some(younger.workspace.id);
    let found = memberships.find_standing(user.id, preferred).await.unwrap();
    assert_eq!(found, Some(younger));
}
