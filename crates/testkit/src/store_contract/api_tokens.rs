//! Cases of API tokens.

use kogents_domain::workspace::ApiToken;

use super::accounts::some_workspace;
use super::support::{StorePort, at, begin, commit, read};
use crate::builders::{an_api_token, unique_digest};

async fn assert_round_trip(store: &StorePort, token: ApiToken) {
    let mut unit = begin(store).await;
    unit.api_tokens().insert(&token).await.unwrap();
    commit(unit).await;
    let mut unit = read(store).await;
    let found = unit.api_tokens().find_by_digest(&token.digest).await;
    assert_eq!(found.unwrap(), Some(token));
}

/// As it is made.
pub async fn an_api_token_round_trips(store: StorePort) {
    let workspace = some_workspace(&store).await;
    assert_round_trip(&store, an_api_token(workspace.id).build()).await;
}

/// Void ones are found, too.
pub async fn a_void_api_token_round_trips(store: StorePort) {
    let workspace = some_workspace(&store).await;
    let token = an_api_token(workspace.id)
        .with(|token| token.revoked_at = Some(at(1)))
        .build();
    assert_round_trip(&store, token).await;
}

/// Nothing is made up.
pub async fn an_unknown_api_token_is_not_found(store: StorePort) {
    let workspace = some_workspace(&store).await;
    assert_round_trip(&store, an_api_token(workspace.id).build()).await;
    let mut unit = read(&store).await;
    let found = unit.api_tokens().find_by_digest(&unique_digest()).await;
    assert_eq!(found.unwrap(), None);
}
