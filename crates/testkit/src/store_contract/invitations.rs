//! Cases of invitations: round trips, changes, lists.

use kogents_domain::access::SystemRole;
use kogents_domain::ids::{InvitationId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::time::Span;
use kogents_domain::workspace::Invitation;

use super::support::{StorePort, at, begin, commit, read};
use super::team::{Team, some_team};
use crate::builders::{an_invitation, unique_digest, unique_id};

/// An invitation of an agent by the team's admin.
pub(crate) fn of(team: &Team) -> crate::builders::InvitationBuilder {
    an_invitation(team.role(SystemRole::Agent), team.admin.id)
}

pub(crate) async fn insert(store: &StorePort, team: &Team, invitation: &Invitation) {
    let mut unit = team.begin(store).await;
    unit.invitations().insert(invitation).await.unwrap();
    commit(unit).await;
}

pub(crate) async fn find(store: &StorePort, team: &Team, id: InvitationId) -> Option<Invitation> {
    let mut unit = team.read(store).await;
    unit.invitations().find(team.id(), id).await.unwrap()
}

/// By its id, by its token, and in a list.
pub async fn an_invitation_round_trips(store: StorePort) {
    let team = some_team(&store).await;
    let bare = of(&team).with(|invitation| invitation.invited_by = None);
    let full = of(&team).everything().with(|invitation| {
        invitation.expires_at = at(99);
        invitation.updated_at = at(7);
    });
    for invitation in [bare.build(), full.build()] {
        insert(&store, &team, &invitation).await;
        let found = find(&store, &team, invitation.id).await.unwrap();
        assert_eq!(found, invitation);
        // Addresses are equal by their normalised form; the given one has to come back, too.
        assert_eq!(found.email.as_given(), invitation.email.as_given());
        let mut unit = read(&store).await;
        let open = unit
            .invitations()
            .find_open(&invitation.digest, at(1))
            .await;
        assert_eq!(open.unwrap().as_ref(), Some(&invitation));
        let mut unit = team.read(&store).await;
        let page = unit.invitations().list(team.id(), PageLimit::DEFAULT, None);
        assert_eq!(page.await.unwrap().items.first(), Some(&invitation));
    }
}

/// What names another workspace, or another id, finds, changes and removes nothing.
pub async fn s22_an_invitation_of_another_workspace_is_left_alone(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let foreign = of(&other).build();
    insert(&store, &other, &foreign).await;
    assert_eq!(find(&store, &team, foreign.id).await, None);
    let unknown = InvitationId::from_uuid(unique_id());
    assert_eq!(find(&store, &team, unknown).await, None);
    let claimed = Invitation {
        workspace_id: team.id(),
        role_id: team.role(SystemRole::Admin).id,
        ..foreign.clone()
    };
    let mut unit = team.begin(&store).await;
    let invitations = unit.invitations();
    invitations.update(&claimed).await.unwrap();
    assert_eq!(invitations.delete(team.id(), foreign.id).await, Ok(false));
    assert_eq!(invitations.count_open(team.id(), at(0)).await, Ok(0));
    commit(unit).await;
    assert_eq!(find(&store, &other, foreign.id).await, Some(foreign));
}

/// Role, inviter, digest, expiry, and when; nothing else of it, and of no other.
pub async fn s28_an_invitation_is_sent_again_under_another_token(store: StorePort) {
    let team = some_team(&store).await;
    let (invitation, other) = (of(&team).everything().build(), of(&team).build());
    insert(&store, &team, &invitation).await;
    insert(&store, &team, &other).await;
    let sender = team.join(&store, team.role(SystemRole::Manager)).await;
    let renewed = invitation
        .clone()
        .renewed(unique_digest(), sender.id, at(60));
    let changed = Invitation {
        role_id: team.role(SystemRole::Viewer).id,
        created_at: at(3),
        email: other.email.clone(),
        name: other.name.clone(),
        phone: None,
        ..renewed
    };
    let mut unit = team.begin(&store).await;
    unit.invitations().update(&changed).await.unwrap();
    commit(unit).await;
    let expected = Invitation {
        role_id: changed.role_id,
        invited_by: changed.invited_by,
        digest: changed.digest,
        expires_at: changed.expires_at,
        updated_at: changed.updated_at,
        ..invitation.clone()
    };
    assert_ne!(expected.expires_at, invitation.expires_at);
    let found = find(&store, &team, invitation.id).await;
    assert_eq!(found.as_ref(), Some(&expected));
    let mut unit = read(&store).await;
    let invitations = unit.invitations();
    let by_old = invitations.find_open(&invitation.digest, at(61)).await;
    assert_eq!(by_old, Ok(None));
    let by_new = invitations.find_open(&expected.digest, at(61)).await;
    assert_eq!(by_new, Ok(Some(expected)));
    drop(unit);
    assert_eq!(find(&store, &team, other.id).await, Some(other));
}

/// Once, and only the one.
pub async fn an_invitation_is_withdrawn(store: StorePort) {
    let team = some_team(&store).await;
    let (invitation, stays) = (of(&team).build(), of(&team).build());
    insert(&store, &team, &invitation).await;
    insert(&store, &team, &stays).await;
    let mut unit = team.begin(&store).await;
    let invitations = unit.invitations();
    for withdrawn in [true, false] {
        let deleted = invitations.delete(team.id(), invitation.id).await;
        assert_eq!(deleted, Ok(withdrawn));
    }
    commit(unit).await;
    assert_eq!(find(&store, &team, invitation.id).await, None);
    assert_eq!(find(&store, &team, stays.id).await, Some(stays));
    let mut unit = read(&store).await;
    let open = unit
        .invitations()
        .find_open(&invitation.digest, at(1))
        .await;
    assert_eq!(open, Ok(None));
}

async fn page(
    store: &StorePort,
    team: &Team,
    limit: u16,
    after: Option<InvitationId>,
) -> (Vec<InvitationId>, Option<InvitationId>) {
    let mut unit = team.read(store).await;
    let limit = PageLimit::new(limit).unwrap();
    let page = unit.invitations().list(team.id(), limit, after).await;
    let page = page.unwrap();
    let ids = page.items.into_iter().map(|one| one.id).collect();
    (ids, page.next)
}

/// Expired ones too, which are not counted; none of another workspace.
pub async fn invitations_come_in_pages_newest_first(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    assert_eq!(page(&store, &team, 5, None).await, (Vec::new(), None));
    let mut ids = Vec::new();
    for secs in 0..6 {
        let invitation = of(&team).made_at(at(-secs)).with(|invitation| {
            if secs == 3 {
                invitation.expires_at = invitation.created_at.plus(Span::from_millis(1));
            }
        });
        let invitation = invitation.build();
        insert(&store, &team, &invitation).await;
        insert(&store, &other, &of(&other).build()).await;
        ids.push(invitation.id);
    }
    ids.reverse();
    let first = page(&store, &team, 4, None).await;
    let (newest, oldest) = ids.split_at(4);
    assert_eq!(first, (newest.to_vec(), newest.last().copied()));
    let second = page(&store, &team, 4, first.1).await;
    assert_eq!(second, (oldest.to_vec(), None));
    // A full last page is the last.
    assert_eq!(page(&store, &team, 6, None).await, (ids.clone(), None));
    let count = async |id: WorkspaceId, team: &Team| {
        let mut unit = team.begin(&store).await;
        let now = at(0);
        unit.invitations().count_open(id, now).await.unwrap()
    };
    assert_eq!(count(team.id(), &team).await, 5);
    assert_eq!(count(other.id(), &other).await, 6);
}

async fn sweep(store: &StorePort, now: kogents_domain::time::Timestamp) -> u64 {
    let mut unit = begin(store).await;
    let removed = unit.invitations().sweep(now).await.unwrap();
    commit(unit).await;
    removed
}

/// In whatever workspace; none that expired later.
pub async fn r10_invitations_that_expired_long_ago_are_removed(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let expiring = |team: &Team, secs| {
        let built = of(team).with(|invitation| invitation.expires_at = at(secs));
        built.build()
    };
    let (old, old_elsewhere) = (expiring(&team, 5), expiring(&other, 3));
    let (young, open) = (expiring(&team, 6), expiring(&team, 9_999_999));
    for invitation in [&old, &young, &open] {
        insert(&store, &team, invitation).await;
    }
    insert(&store, &other, &old_elsewhere).await;
    let over = at(5).plus(Invitation::KEPT);
    assert_eq!(sweep(&store, over).await, 2);
    assert_eq!(sweep(&store, over).await, 0);
    assert_eq!(find(&store, &team, old.id).await, None);
    assert_eq!(find(&store, &other, old_elsewhere.id).await, None);
    for stays in [young, open] {
        assert_eq!(find(&store, &team, stays.id).await, Some(stays));
    }
}

/// However many there are.
pub async fn r10_one_sweep_removes_at_most_a_thousand_invitations(store: StorePort) {
    let team = some_team(&store).await;
    let mut unit = team.begin(&store).await;
    for _ in 0..1_001 {
        let invitation = of(&team).build();
        unit.invitations().insert(&invitation).await.unwrap();
    }
    commit(unit).await;
    let over = at(0).plus(Invitation::LIFETIME).plus(Invitation::KEPT);
    assert_eq!(sweep(&store, over).await, 1_000);
    assert_eq!(sweep(&store, over).await, 1);
}
