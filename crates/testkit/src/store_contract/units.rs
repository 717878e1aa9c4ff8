//! Cases of units of work: all or nothing, and what others see of them.

use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::{Constraint, Scope, StoreError};

use super::support::{
    StorePort, begin, commit, find_user, insert_user, read, some_user, try_insert_user,
};
use crate::builders::{a_user, unique_id};

/// Dropping is rolling back.
pub async fn a_dropped_unit_leaves_nothing(store: StorePort) {
    let user = a_user().build();
    let mut unit = begin(&store).await;
    unit.users().insert(&user).await.unwrap();
    drop(unit);
    assert_eq!(find_user(&store, user.id).await, None);
    // The address is free again.
    insert_user(&store, &a_user().email(user.email.as_given()).build()).await;
}

/// Readers do not see, and do not wait for, what is not committed.
pub async fn uncommitted_rows_are_not_seen_by_others(store: StorePort) {
    let user = a_user().build();
    let mut unit = begin(&store).await;
    unit.users().insert(&user).await.unwrap();
    assert_eq!(find_user(&store, user.id).await, None);
    commit(unit).await;
    assert_eq!(find_user(&store, user.id).await, Some(user));
}

/// Inside the unit they are there.
pub async fn a_unit_sees_its_own_writes(store: StorePort) {
    let user = a_user().build();
    let mut unit = begin(&store).await;
    unit.users().insert(&user).await.unwrap();
    assert_eq!(unit.users().find(user.id).await.unwrap(), Some(user));
    commit(unit).await;
}

/// Once committed, every unit begun afterwards sees it, reading or writing.
pub async fn committed_rows_are_seen_by_readers(store: StorePort) {
    for _ in 0..20 {
        let user = some_user(&store).await;
        assert_eq!(find_user(&store, user.id).await.as_ref(), Some(&user));
        let mut unit = begin(&store).await;
        assert_eq!(unit.users().find(user.id).await.unwrap(), Some(user));
    }
}

/// Writing in a reading unit fails and leaves nothing, whether it is committed or not.
pub async fn a_reading_unit_cannot_write(store: StorePort) {
    let user = a_user().build();
    let mut unit = read(&store).await;
    let written = unit.users().insert(&user).await;
    assert!(
        matches!(written, Err(StoreError::Failed(_))),
        "a reading unit wrote: {written:?}"
    );
    // Committing what failed may fail, too.
    drop(unit.commit().await);
    assert_eq!(find_user(&store, user.id).await, None);
}

/// What is committed while a reading unit is open stays hidden from it.
pub async fn a_reading_unit_sees_one_snapshot(store: StorePort) {
    let first = some_user(&store).await;
    let mut reading = read(&store).await;
    assert_eq!(
        reading.users().find(first.id).await.unwrap(),
        Some(first.clone())
    );
    let second = some_user(&store).await;
    assert_eq!(reading.users().find(second.id).await.unwrap(), None);
    drop(reading);
    assert_eq!(find_user(&store, second.id).await, Some(second));
}

/// A conflict spends the unit: what it wrote before goes, too.
pub async fn a_unit_with_a_conflict_leaves_nothing(store: StorePort) {
    let present = some_user(&store).await;
    let newcomer = a_user().build();
    let double = a_user().email(present.email.as_given()).build();
    let mut unit = begin(&store).await;
    unit.users().insert(&newcomer).await.unwrap();
    assert_eq!(
        unit.users().insert(&double).await,
        Err(StoreError::Conflict(Constraint::UserEmail))
    );
    drop(unit);
    assert_eq!(find_user(&store, newcomer.id).await, None);
    assert_eq!(find_user(&store, double.id).await, None);
}

/// Units that are dropped half-way give back whatever they held.
pub async fn dropped_units_do_not_wear_the_store_out(store: StorePort) {
    let present = some_user(&store).await;
    for _ in 0..40 {
        let mut unit = begin(&store).await;
        unit.users().insert(&a_user().build()).await.unwrap();
        drop(unit);
        let mut failed = begin(&store).await;
        let double = a_user().email(present.email.as_given()).build();
        assert!(failed.users().insert(&double).await.is_err());
        drop(failed);
        drop(read(&store).await);
    }
    assert_eq!(try_insert_user(&store, &a_user().build()).await, Ok(()));
}

/// Every scope opens both kinds of units, and they find the person.
pub async fn every_scope_can_be_begun_and_read(store: StorePort) {
    let user = some_user(&store).await;
    let workspace = WorkspaceId::from_uuid(unique_id());
    let stranger = UserId::from_uuid(unique_id());
    for scope in [
        Scope::System,
        Scope::Person(user.id),
        Scope::Member(workspace, user.id),
        Scope::Workspace(workspace),
    ] {
        let mut writing = store.begin(scope).await.unwrap();
        assert!(writing.users().find(user.id).await.unwrap().is_some());
        commit(writing).await;
        let mut reading = store.read(scope).await.unwrap();
        assert!(reading.users().find(stranger).await.unwrap().is_none());
        commit(reading).await;
    }
}
