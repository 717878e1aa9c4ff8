//! Cases of API tokens.

use kogents_domain::ids::{ApiTokenId, WorkspaceId};
use kogents_domain::store::Scope;
use kogents_domain::workspace::ApiToken;

use super::accounts::some_workspace;
use super::support::{StorePort, at, begin, commit, read};
use super::team::{Team, some_team};
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

/// Voids what the team has, and gives it another.
async fn rotate(store: &StorePort, team: &Team, secs: i64) -> (ApiToken, Option<ApiTokenId>) {
    let token = an_api_token(team.id())
        .with(|token| token.created_at = at(secs))
        .build();
    let mut unit = team.begin(store).await;
    let voided = unit.api_tokens().revoke(team.id(), at(secs)).await;
    unit.api_tokens().insert(&token).await.unwrap();
    commit(unit).await;
    (token, voided.unwrap())
}

async fn revoke(store: &StorePort, workspace: WorkspaceId, secs: i64) -> Option<ApiTokenId> {
    let mut unit = begin(store).await;
    let voided = unit.api_tokens().revoke(workspace, at(secs)).await;
    commit(unit).await;
    voided.unwrap()
}

async fn found(store: &StorePort, token: &ApiToken) -> Option<ApiToken> {
    let mut unit = read(store).await;
    let found = unit.api_tokens().find_by_digest(&token.digest).await;
    found.unwrap()
}

fn void(token: &ApiToken, secs: i64) -> ApiToken {
    ApiToken {
        revoked_at: Some(at(secs)),
        ..token.clone()
    }
}

/// The one and the one before it: those before that are gone.
pub async fn r10_no_more_is_kept_of_void_api_tokens_than_the_last(store: StorePort) {
    let team = some_team(&store).await;
    let (first, voided) = rotate(&store, &team, 1).await;
    assert_eq!(voided, None);
    let (second, voided) = rotate(&store, &team, 2).await;
    assert_eq!(voided, Some(first.id));
    assert_eq!(found(&store, &first).await, Some(void(&first, 2)));
    let (third, voided) = rotate(&store, &team, 3).await;
    assert_eq!(voided, Some(second.id));
    assert_eq!(found(&store, &first).await, None);
    assert_eq!(found(&store, &second).await, Some(void(&second, 3)));
    assert_eq!(found(&store, &third).await, Some(third.clone()));

    assert_eq!(revoke(&store, team.id(), 4).await, Some(third.id));
    assert_eq!(found(&store, &second).await, None);
    assert_eq!(found(&store, &third).await, Some(void(&third, 4)));
    assert_eq!(revoke(&store, team.id(), 5).await, None);
    assert_eq!(found(&store, &third).await, None);
}

/// Neither what they have nor what they had.
pub async fn s22_api_tokens_of_other_workspaces_stay(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    rotate(&store, &team, 1).await;
    let (before, _) = rotate(&store, &other, 1).await;
    let (current, _) = rotate(&store, &other, 2).await;
    for secs in [3, 4] {
        revoke(&store, team.id(), secs).await;
    }
    assert_eq!(found(&store, &before).await, Some(void(&before, 2)));
    assert_eq!(found(&store, &current).await, Some(current));
}

/// What was not committed still opens the door.
pub async fn an_api_token_revoked_in_a_dropped_unit_is_good(store: StorePort) {
    let team = some_team(&store).await;
    let (token, _) = rotate(&store, &team, 1).await;
    let mut unit = team.begin(&store).await;
    let voided = unit.api_tokens().revoke(team.id(), at(2)).await;
    assert_eq!(voided, Ok(Some(token.id)));
    drop(unit);
    assert_eq!(found(&store, &token).await, Some(token));
}

/// As who shows it is seen by the store.
pub async fn an_api_token_is_found_in_the_scope_of_its_workspace(store: StorePort) {
    let team = some_team(&store).await;
    let (token, _) = rotate(&store, &team, 1).await;
    let scope = Scope::Workspace(team.id());
    let mut unit = store.read(scope).await.unwrap();
    let found = unit.api_tokens().find_by_digest(&token.digest).await;
    assert_eq!(found, Ok(Some(token)));
    assert_eq!(unit.memberships().count(team.id()).await, Ok(1));
    let admin = unit.memberships().find(team.id(), team.admin.id).await;
    assert!(admin.unwrap().is_some());
    let roles = unit.roles().list(team.id()).await.unwrap();
    assert_eq!(roles.len(), team.roles.len());
}
