//! Cases of mailed tokens.

use std::sync::Arc;

use kogents_domain::auth::{OneTimeToken, TokenPurpose};
use kogents_domain::digest::Digest;
use kogents_domain::ids::UserId;
use kogents_domain::time::Timestamp;

use super::accounts::some_workspace;
use super::support::{StorePort, at, before, begin, commit, read, some_user};
use crate::builders::{a_one_time_token, unique_digest};
use crate::parallel::at_once;

const RESET: TokenPurpose = TokenPurpose::PasswordReset;

async fn insert(store: &StorePort, tokens: &[OneTimeToken]) {
    let mut unit = begin(store).await;
    for token in tokens {
        unit.one_time_tokens().insert(token).await.unwrap();
    }
    commit(unit).await;
}

async fn find(
    store: &StorePort,
    purpose: TokenPurpose,
    digest: &Digest,
    now: Timestamp,
) -> Option<OneTimeToken> {
    let mut unit = read(store).await;
    let tokens = unit.one_time_tokens();
    tokens.find(purpose, digest, now).await.unwrap()
}

async fn consume(
    store: &StorePort,
    purpose: TokenPurpose,
    digest: &Digest,
    now: Timestamp,
) -> Option<OneTimeToken> {
    let mut unit = begin(store).await;
    let tokens = unit.one_time_tokens();
    let consumed = tokens.consume(purpose, digest, now).await.unwrap();
    commit(unit).await;
    consumed
}

async fn void_all(store: &StorePort, user: UserId, purpose: TokenPurpose, secs: i64) -> u64 {
    let mut unit = begin(store).await;
    let tokens = unit.one_time_tokens();
    let voided = tokens.void_all(user, purpose, at(secs)).await.unwrap();
    commit(unit).await;
    voided
}

async fn sweep(store: &StorePort, now: Timestamp) -> u64 {
    let mut unit = begin(store).await;
    let removed = unit.one_time_tokens().sweep(now).await.unwrap();
    commit(unit).await;
    removed
}

/// Of every purpose, with everything and with nothing set; found, and consumed.
pub async fn a_mailed_token_round_trips(store: StorePort) {
    let user = some_user(&store).await;
    let workspace = some_workspace(&store).await;
    for purpose in TokenPurpose::ALL {
        let full = a_one_time_token(purpose)
            .of(user.id)
            .with(|token| {
                token.workspace_id = Some(workspace.id);
                token.payload = Some((0..=255).collect());
                token.created_at = at(-7);
            })
            .build();
        let bare = a_one_time_token(purpose).build();
        insert(&store, &[full.clone(), bare.clone()]).await;
        for token in [full, bare] {
            let found = find(&store, purpose, &token.digest, at(1)).await;
            assert_eq!(found.as_ref(), Some(&token));
            let consumed = consume(&store, purpose, &token.digest, at(1)).await;
            assert_eq!(consumed, Some(token));
        }
    }
}

/// It stays good while it is only looked at, and is gone for good then.
pub async fn a_mailed_token_is_good_once(store: StorePort) {
    let token = a_one_time_token(RESET).build();
    insert(&store, std::slice::from_ref(&token)).await;
    for _ in 0..2 {
        assert!(find(&store, RESET, &token.digest, at(1)).await.is_some());
    }
    assert!(consume(&store, RESET, &token.digest, at(1)).await.is_some());
    assert_eq!(consume(&store, RESET, &token.digest, at(2)).await, None);
    assert_eq!(find(&store, RESET, &token.digest, at(2)).await, None);
}

/// Nothing happened.
pub async fn a_token_consumed_in_a_dropped_unit_is_still_good(store: StorePort) {
    let token = a_one_time_token(RESET).build();
    insert(&store, std::slice::from_ref(&token)).await;
    let mut unit = begin(&store).await;
    let tokens = unit.one_time_tokens();
    let consumed = tokens.consume(RESET, &token.digest, at(1)).await.unwrap();
    assert!(consumed.is_some());
    drop(unit);
    assert!(consume(&store, RESET, &token.digest, at(1)).await.is_some());
}

/// Twenty at once: one gets it.
pub async fn of_parallel_uses_of_a_mailed_token_one_gets_it(store: StorePort) {
    let token = a_one_time_token(RESET).build();
    insert(&store, std::slice::from_ref(&token)).await;
    let got = at_once((0..20).map(|_| {
        let store = Arc::clone(&store);
        let digest = token.digest;
        async move { consume(&store, RESET, &digest, at(1)).await }
    }))
    .await;
    let got: Vec<OneTimeToken> = got.into_iter().flatten().collect();
    assert_eq!(got, [token]);
}

/// A token of another purpose, one that has expired, and one that nobody made are all none.
pub async fn another_token_is_none(store: StorePort) {
    let token = a_one_time_token(RESET).expires_at(at(60)).build();
    insert(&store, std::slice::from_ref(&token)).await;
    let unknown = unique_digest();
    for (purpose, digest, now) in [
        (TokenPurpose::NotMe, &token.digest, at(1)),
        (TokenPurpose::ConfirmEmail, &token.digest, at(1)),
        (RESET, &token.digest, at(60)),
        (RESET, &unknown, at(1)),
    ] {
        assert_eq!(find(&store, purpose, digest, now).await, None);
        assert_eq!(consume(&store, purpose, digest, now).await, None);
    }
    let last = consume(&store, RESET, &token.digest, before(at(60))).await;
    assert_eq!(last, Some(token));
}

/// Those that are good and of the purpose and the person, and those only.
pub async fn a_person_s_tokens_of_a_purpose_are_voided(store: StorePort) {
    let (user, other) = (some_user(&store).await, some_user(&store).await);
    let [one, two, consumed] = [0, 1, 2].map(|_| a_one_time_token(RESET).of(user.id).build());
    let expired = a_one_time_token(RESET)
        .of(user.id)
        .expires_at(at(10))
        .build();
    let kept = [
        a_one_time_token(TokenPurpose::NotMe).of(user.id).build(),
        a_one_time_token(RESET).of(other.id).build(),
        a_one_time_token(RESET).build(),
    ];
    let void = [one, two, consumed, expired];
    insert(&store, &void).await;
    insert(&store, &kept).await;
    let [one, two, consumed, _] = &void;
    assert!(
        consume(&store, RESET, &consumed.digest, at(5))
            .await
            .is_some()
    );
    assert_eq!(void_all(&store, user.id, RESET, 10).await, 2);
    assert_eq!(void_all(&store, user.id, RESET, 11).await, 0);
    for token in [one, two] {
        assert_eq!(consume(&store, RESET, &token.digest, at(11)).await, None);
    }
    for token in kept {
        let found = find(&store, token.purpose, &token.digest, at(11)).await;
        assert_eq!(found, Some(token));
    }
}

/// From their end on, whether they were consumed or not; none that may still be used.
pub async fn r10_expired_tokens_are_removed(store: StorePort) {
    let [used, unused, good] =
        [30, 30, 31].map(|secs| a_one_time_token(RESET).expires_at(at(secs)).build());
    insert(&store, &[used.clone(), unused, good.clone()]).await;
    assert!(consume(&store, RESET, &used.digest, at(1)).await.is_some());
    assert_eq!(sweep(&store, before(at(30))).await, 0);
    assert_eq!(sweep(&store, at(30)).await, 2);
    assert_eq!(sweep(&store, at(30)).await, 0);
    let found = find(&store, RESET, &good.digest, at(30)).await;
    assert_eq!(found, Some(good));
}

/// The rest waits for the next.
pub async fn r10_one_sweep_removes_at_most_a_thousand_tokens(store: StorePort) {
    let tokens: Vec<OneTimeToken> = (0..1_003)
        .map(|_| a_one_time_token(RESET).expires_at(at(1)).build())
        .collect();
    insert(&store, &tokens).await;
    for removed in [1_000, 3, 0] {
        assert_eq!(sweep(&store, at(2)).await, removed);
    }
}
