//! Cases of invitations that are used, and of those that stand in each other's way.

use std::sync::Arc;

use kogents_domain::digest::Digest;
use kogents_domain::store::{Constraint, StoreError};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::Invitation;

use super::invitations::{find, insert, of};
use super::support::{StorePort, at, before, begin, commit, read};
use super::team::{Team, some_team};
use crate::builders::{unique_digest, unique_word};
use crate::parallel::at_once;

async fn find_open(store: &StorePort, digest: &Digest, now: Timestamp) -> Option<Invitation> {
    let mut unit = read(store).await;
    unit.invitations().find_open(digest, now).await.unwrap()
}

async fn consume(store: &StorePort, digest: &Digest, now: Timestamp) -> Option<Invitation> {
    let mut unit = begin(store).await;
    let consumed = unit.invitations().consume(digest, now).await.unwrap();
    commit(unit).await;
    consumed
}

async fn try_insert(
    store: &StorePort,
    team: &Team,
    invitation: &Invitation,
) -> Result<(), StoreError> {
    let mut unit = team.begin(store).await;
    unit.invitations().insert(invitation).await?;
    unit.commit().await
}

/// By the whole digest, and not from the moment on at which it expires; asking uses nothing up.
pub async fn an_invitation_is_open_until_it_expires(store: StorePort) {
    let team = some_team(&store).await;
    let invitation = of(&team).with(|invitation| invitation.expires_at = at(10));
    let invitation = invitation.build();
    insert(&store, &team, &invitation).await;
    for now in [at(0), before(at(10))] {
        let found = find_open(&store, &invitation.digest, now).await;
        assert_eq!(found.as_ref(), Some(&invitation));
    }
    for now in [at(10), at(11)] {
        assert_eq!(find_open(&store, &invitation.digest, now).await, None);
        assert_eq!(consume(&store, &invitation.digest, now).await, None);
    }
    assert_eq!(find_open(&store, &unique_digest(), at(0)).await, None);
    // It is still there, to be sent again.
    let found = find(&store, &team, invitation.id).await;
    assert_eq!(found, Some(invitation));
}

/// And is gone then; no other is.
pub async fn an_invitation_is_used_once(store: StorePort) {
    let team = some_team(&store).await;
    let (invitation, other) = (of(&team).everything().build(), of(&team).build());
    insert(&store, &team, &invitation).await;
    insert(&store, &team, &other).await;
    assert_eq!(consume(&store, &unique_digest(), at(1)).await, None);
    let used = consume(&store, &invitation.digest, at(1)).await;
    assert_eq!(used.as_ref(), Some(&invitation));
    assert_eq!(consume(&store, &invitation.digest, at(1)).await, None);
    assert_eq!(find_open(&store, &invitation.digest, at(1)).await, None);
    assert_eq!(find(&store, &team, invitation.id).await, None);
    assert_eq!(find(&store, &team, other.id).await, Some(other));
    // The address may be invited again.
    let again = of(&team).email(invitation.email.as_given()).build();
    assert_eq!(try_insert(&store, &team, &again).await, Ok(()));
}

/// Whatever went wrong, the link is good for another try.
pub async fn an_invitation_used_in_a_dropped_unit_is_still_good(store: StorePort) {
    let team = some_team(&store).await;
    let invitation = of(&team).build();
    insert(&store, &team, &invitation).await;
    let mut unit = begin(&store).await;
    let used = unit.invitations().consume(&invitation.digest, at(1)).await;
    assert!(used.unwrap().is_some());
    drop(unit);
    let used = consume(&store, &invitation.digest, at(1)).await;
    assert_eq!(used, Some(invitation));
}

/// Of twenty one gets it.
pub async fn of_parallel_uses_of_an_invitation_one_gets_it(store: StorePort) {
    let team = some_team(&store).await;
    let invitation = of(&team).build();
    insert(&store, &team, &invitation).await;
    let results = at_once((0..20).map(|_| {
        let (store, digest) = (Arc::clone(&store), invitation.digest);
        async move { consume(&store, &digest, at(1)).await }
    }))
    .await;
    let used: Vec<Invitation> = results.into_iter().flatten().collect();
    assert_eq!(used, [invitation]);
}

/// By any variant of the address; another workspace may invite it, too.
pub async fn s28_one_invitation_per_address_and_workspace(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let word = unique_word();
    let first = of(&team).email(&format!("Ada-{word}@example.com")).build();
    insert(&store, &team, &first).await;
    let variant = format!("ada-{word}@EXAMPLE.com");
    let second = of(&team).email(&variant).made_at(at(60)).build();
    assert_eq!(
        try_insert(&store, &team, &second).await,
        Err(StoreError::Conflict(Constraint::Invitation))
    );
    let elsewhere = of(&other).email(&variant).build();
    assert_eq!(try_insert(&store, &other, &elsewhere).await, Ok(()));
    assert_eq!(find(&store, &team, second.id).await, None);
    assert_eq!(find(&store, &team, first.id).await, Some(first));
}

/// Not a millisecond earlier, and in the one workspace only.
pub async fn an_expired_invitation_gives_way_to_a_new_one(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let word = unique_word();
    let email = format!("Ada-{word}@example.com");
    let expires_at_ten = |team: &Team| {
        let built = of(team).email(&email);
        let built = built.with(|invitation| invitation.expires_at = at(10));
        built.build()
    };
    let (old, elsewhere) = (expires_at_ten(&team), expires_at_ten(&other));
    insert(&store, &team, &old).await;
    insert(&store, &other, &elsewhere).await;
    let bystander = of(&team).with(|invitation| invitation.expires_at = at(10));
    let bystander = bystander.build();
    insert(&store, &team, &bystander).await;

    let variant = format!("ADA-{word}@example.com");
    let early = of(&team).email(&variant).made_at(before(at(10))).build();
    assert_eq!(
        try_insert(&store, &team, &early).await,
        Err(StoreError::Conflict(Constraint::Invitation))
    );
    assert_eq!(find(&store, &team, old.id).await.as_ref(), Some(&old));
    let new = of(&team).email(&variant).made_at(at(10)).build();
    assert_eq!(try_insert(&store, &team, &new).await, Ok(()));
    assert_eq!(find(&store, &team, old.id).await, None);
    assert_eq!(find(&store, &team, new.id).await, Some(new));
    assert_eq!(find(&store, &team, bystander.id).await, Some(bystander));
    let found = find(&store, &other, elsewhere.id).await;
    assert_eq!(found, Some(elsewhere));
}

/// Twenty at once: one adds it, the others conflict; also where an expired one has to go first.
pub async fn s28_parallel_invitations_of_one_address_give_one(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    for expired_before in [false, true] {
        let email = format!("ada-{}@example.com", unique_word());
        if expired_before {
            let old = of(&team).email(&email).made_at(at(-9_999_999)).build();
            insert(&store, &team, &old).await;
        }
        let results = at_once((0..20).map(|_| {
            let (store, team) = (Arc::clone(&store), Arc::clone(&team));
            let invitation = of(&team).email(&email).build();
            async move { try_insert(&store, &team, &invitation).await }
        }))
        .await;
        let lost: Vec<StoreError> = results.into_iter().filter_map(Result::err).collect();
        assert_eq!(lost, vec![StoreError::Conflict(Constraint::Invitation); 19]);
    }
}
