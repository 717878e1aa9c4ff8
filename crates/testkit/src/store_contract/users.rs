//! Cases of persons.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, PasswordHash, User};
use kogents_domain::ids::{SignupId, UserId};
use kogents_domain::store::{Constraint, StoreError};

use super::support::{
    StorePort, at, begin, commit, find_user, insert_user, read, some_user, try_insert_user,
};
use crate::builders::{a_user, address, unique_address, unique_id, unique_word};
use crate::parallel::at_once;

async fn assert_round_trip(store: &StorePort, user: User) {
    insert_user(store, &user).await;
    let found = find_user(store, user.id).await.unwrap();
    assert_eq!(found, user);
    // Addresses are equal by their normalised form; the given one has to come back, too.
    assert_eq!(found.email.as_given(), user.email.as_given());
    let mut unit = read(store).await;
    let by_email = unit.users().find_by_email(&user.email).await.unwrap();
    assert_eq!(by_email, Some(user));
}

/// With every optional member set.
pub async fn a_person_round_trips_with_every_field(store: StorePort) {
    assert_round_trip(&store, a_user().everything().build()).await;
}

/// With none set.
pub async fn a_person_round_trips_with_bare_fields(store: StorePort) {
    assert_round_trip(&store, a_user().build()).await;
}

/// By none of the three ways.
pub async fn an_unknown_person_is_not_found(store: StorePort) {
    some_user(&store).await;
    let nobody = a_user().build();
    let mut unit = begin(&store).await;
    let users = unit.users();
    assert_eq!(users.find(nobody.id).await.unwrap(), None);
    assert_eq!(users.find_by_email(&nobody.email).await.unwrap(), None);
    assert_eq!(users.find_for_update(nobody.id).await.unwrap(), None);
}

/// Case, width and composition of an address do not matter.
pub async fn s28_a_person_is_found_by_any_variant_of_the_address(store: StorePort) {
    let word = unique_word();
    let user = a_user()
        .email(&format!("R\u{00E9}mi-{word}@B\u{00FC}cher.example"))
        .build();
    insert_user(&store, &user).await;
    for variant in [
        format!("r\u{00E9}mi-{word}@b\u{00FC}cher.example"),
        format!("Re\u{0301}mi-{word}@xn--bcher-kva.example"),
        format!("\u{FF32}\u{00C9}MI-{word}@BU\u{0308}CHER.EXAMPLE"),
    ] {
        let mut unit = read(&store).await;
        let found = unit.users().find_by_email(&address(&variant)).await;
        assert_eq!(
            found.unwrap().map(|user| user.id),
            Some(user.id),
            "{variant}"
        );
    }
}

/// A second account of any variant conflicts by name.
pub async fn s28_one_account_per_normalised_address(store: StorePort) {
    let word = unique_word();
    let first = a_user().email(&format!("Ada-{word}@example.com")).build();
    insert_user(&store, &first).await;
    let second = a_user().email(&format!("ada-{word}@EXAMPLE.com")).build();
    assert_eq!(
        try_insert_user(&store, &second).await,
        Err(StoreError::Conflict(Constraint::UserEmail))
    );
    assert_eq!(find_user(&store, first.id).await, Some(first));
}

async fn set_email(
    store: &StorePort,
    id: UserId,
    email: &EmailAddress,
    secs: i64,
) -> Result<(), StoreError> {
    let mut unit = begin(store).await;
    unit.users().set_email(id, email, at(secs)).await?;
    unit.commit().await
}

/// As it was given and normalised; nothing else of the person changes, and nobody else does.
pub async fn an_address_is_given_in_place_of_another(store: StorePort) {
    let user = a_user().everything().build();
    insert_user(&store, &user).await;
    let other = some_user(&store).await;
    let email = unique_address();
    assert_eq!(set_email(&store, user.id, &email, 60).await, Ok(()));
    let mut unit = read(&store).await;
    let users = unit.users();
    assert_eq!(users.find_by_email(&user.email).await, Ok(None));
    let mut expected = user;
    expected.email = email;
    expected.updated_at = at(60);
    let found = users.find_by_email(&expected.email).await.unwrap().unwrap();
    assert_eq!(found.email.as_given(), expected.email.as_given());
    assert_eq!(found, expected);
    assert_eq!(users.find(other.id).await, Ok(Some(other)));
}

/// Of whoever has it in any variant; one's own is one's own, written otherwise.
pub async fn s28_an_address_that_has_an_account_is_given_to_nobody_else(store: StorePort) {
    let word = unique_word();
    let first = a_user().email(&format!("Ada-{word}@example.com")).build();
    insert_user(&store, &first).await;
    let second = some_user(&store).await;
    let variant = address(&format!("ADA-{word}@EXAMPLE.com"));
    assert_eq!(
        set_email(&store, second.id, &variant, 60).await,
        Err(StoreError::Conflict(Constraint::UserEmail))
    );
    assert_eq!(find_user(&store, second.id).await, Some(second));
    assert_eq!(set_email(&store, first.id, &variant, 60).await, Ok(()));
    let found = find_user(&store, first.id).await.unwrap();
    assert_eq!(found.email.as_given(), variant.as_given());
}

async fn insert_at_once(store: &StorePort, users: Vec<User>) -> Vec<StoreError> {
    let results = at_once(users.into_iter().map(|user| {
        let store = Arc::clone(store);
        async move { try_insert_user(&store, &user).await }
    }))
    .await;
    let all = results.len();
    let errors: Vec<StoreError> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!(errors.len() + 1, all, "not exactly one won: {errors:?}");
    errors
}

/// Twenty at once: one wins, the others conflict, none waits in vain.
pub async fn s28_parallel_inserts_of_one_address_give_one_account(store: StorePort) {
    let word = unique_word();
    let email = format!("ada-{word}@example.com");
    let users = (0..20).map(|_| a_user().email(&email).build()).collect();
    for error in insert_at_once(&store, users).await {
        assert_eq!(error, StoreError::Conflict(Constraint::UserEmail));
    }
}

/// A signup commits once.
pub async fn s8_one_person_per_signup(store: StorePort) {
    let signup = SignupId::from_uuid(unique_id());
    insert_user(&store, &a_user().signup(signup).build()).await;
    assert_eq!(
        try_insert_user(&store, &a_user().signup(signup).build()).await,
        Err(StoreError::Conflict(Constraint::UserSignup))
    );
}

/// Also when twenty try.
pub async fn s8_parallel_inserts_of_one_signup_give_one_person(store: StorePort) {
    let signup = SignupId::from_uuid(unique_id());
    let users = (0..20).map(|_| a_user().signup(signup).build()).collect();
    for error in insert_at_once(&store, users).await {
        assert_eq!(error, StoreError::Conflict(Constraint::UserSignup));
    }
}

/// A compare-and-set; nothing else of the person changes.
pub async fn a_password_hash_is_replaced_only_by_who_knows_it(store: StorePort) {
    let user = some_user(&store).await;
    let other = some_user(&store).await;
    let (wrong, new) = (PasswordHash::new("$wrong$"), PasswordHash::new("$new$"));
    let mut unit = begin(&store).await;
    let users = unit.users();
    let nobody = UserId::from_uuid(unique_id());
    for (id, old, replaced) in [
        (user.id, &wrong, false),
        (nobody, &user.password_hash, false),
        (user.id, &user.password_hash, true),
        (user.id, &user.password_hash, false),
    ] {
        let done = users.replace_password_hash(id, old, &new, at(60)).await;
        assert_eq!(done, Ok(replaced));
    }
    commit(unit).await;
    let mut expected = user;
    expected.password_hash = new;
    expected.updated_at = at(60);
    assert_eq!(find_user(&store, expected.id).await, Some(expected));
    assert_eq!(find_user(&store, other.id).await, Some(other));
}

/// Of twenty who know the hash, one replaces it.
pub async fn parallel_replacements_of_one_hash_succeed_once(store: StorePort) {
    let user = some_user(&store).await;
    let results = at_once((0..20).map(|n| {
        let (store, user) = (Arc::clone(&store), user.clone());
        async move {
            let new = PasswordHash::new(format!("$new${n}"));
            let mut unit = begin(&store).await;
            let replaced = unit
                .users()
                .replace_password_hash(user.id, &user.password_hash, &new, at(60))
                .await
                .unwrap();
            commit(unit).await;
            replaced.then_some(new)
        }
    }))
    .await;
    let winners: Vec<PasswordHash> = results.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let found = find_user(&store, user.id).await.unwrap();
    assert_eq!(Some(&found.password_hash), winners.first());
}

/// Locking gives the whole person.
pub async fn locking_a_person_gives_the_person(store: StorePort) {
    let user = a_user().everything().build();
    insert_user(&store, &user).await;
    let mut unit = begin(&store).await;
    let locked = unit.users().find_for_update(user.id).await.unwrap();
    assert_eq!(locked, Some(user));
    commit(unit).await;
}

/// Ten units lock, read, and write one more than they read: without the lock some would write
/// over each other, or find that somebody had.
pub async fn locked_units_of_one_person_follow_each_other(store: StorePort) {
    let user = a_user().password_hash(PasswordHash::new("0")).build();
    insert_user(&store, &user).await;
    let id = user.id;
    let results = at_once((0..10).map(|_| {
        let store = Arc::clone(&store);
        async move {
            let mut unit = begin(&store).await;
            let found = unit.users().find_for_update(id).await.unwrap().unwrap();
            tokio::task::yield_now().await;
            let old = found.password_hash;
            let next = old.expose().parse::<u32>().unwrap() + 1;
            let new = PasswordHash::new(next.to_string());
            let replaced = unit
                .users()
                .replace_password_hash(id, &old, &new, at(60))
                .await
                .unwrap();
            commit(unit).await;
            replaced
        }
    }))
    .await;
    assert!(results.iter().all(|replaced| *replaced), "{results:?}");
    let found = find_user(&store, id).await.unwrap();
    assert_eq!(found.password_hash.expose(), "10");
}

/// Whoever locks two persons in one order and whoever locks them in the other follow each other,
/// and each other's changes. Somebody who is not there is passed over.
pub async fn units_that_lock_several_persons_follow_each_other(store: StorePort) {
    let users = [some_user(&store).await.id, some_user(&store).await.id];
    let nobody = UserId::from_uuid(unique_id());
    let counted = users[0];
    let mut unit = begin(&store).await;
    let [old, zero] = [
        find_user(&store, counted).await.unwrap().password_hash,
        PasswordHash::new("0"),
    ];
    unit.users()
        .replace_password_hash(counted, &old, &zero, at(1))
        .await
        .unwrap();
    commit(unit).await;
    at_once((0..10).map(|n| {
        let store = Arc::clone(&store);
        let mut order = vec![users[0], nobody, users[1]];
        if n % 2 == 0 {
            order.reverse();
        }
        async move {
            let mut unit = begin(&store).await;
            unit.users().lock_all(&order).await.unwrap();
            let found = unit.users().find(counted).await.unwrap().unwrap();
            tokio::task::yield_now().await;
            let old = found.password_hash;
            let new = PasswordHash::new((old.expose().parse::<u32>().unwrap() + 1).to_string());
            unit.users()
                .replace_password_hash(counted, &old, &new, at(60))
                .await
                .unwrap();
            commit(unit).await;
        }
    }))
    .await;
    let found = find_user(&store, counted).await.unwrap();
    assert_eq!(found.password_hash.expose(), "10");
}
