//! Which routes take the API token of a workspace.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{ApiTokenId, WorkspaceId};
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::ApiToken;
use kogents_testkit::builders::{START, unique_id};
use kogents_testkit::fake_store::FakeStore;

use super::fixture::{MEMBER_TOKEN, call, header, http_over, json, settings};
use super::walk::concrete;
use crate::access::Access;
use crate::routes;

/// The workspace of the paths that [`concrete`] makes.
const ID: &str = "0192f3c0-1111-7abc-8def-0123456789ab";

fn api_token() -> String {
    format!("kgw_{}", "A".repeat(43))
}

fn request(method: Method, path: &str, token: &str) -> TestRequest {
    TestRequest::default()
        .method(method)
        .uri(path)
        .insert_header(("authorization", format!("Bearer {token}")))
}

/// The token is looked up, and is this workspace's.
fn finds(store: &FakeStore, workspace: WorkspaceId, revoked_at: Option<Timestamp>) {
    store.expect_read(|unit| {
        let token = ApiToken {
            id: ApiTokenId::from_uuid(unique_id()),
            workspace_id: workspace,
            prefix: "kgw_AAAA".to_owned(),
            digest: Digest::from_bytes([0; 32]),
            created_at: START,
            revoked_at,
        };
        unit.api_tokens
            .expect_find_by_digest()
            .times(1)
            .return_once(|_| Ok(Some(token)));
    });
}

async fn ask(store: &FakeStore, request: TestRequest) -> ServiceResponse {
    call(http_over(settings(), Arc::new(store.clone())), request).await
}

async fn is_refused(answer: ServiceResponse, name: &str) {
    assert_eq!(answer.status().as_u16(), 401, "{name}");
    let challenge = header(&answer, "www-authenticate");
    assert_eq!(challenge, "Bearer error=\"invalid_token\"", "{name}");
    assert_eq!(json(answer).await["code"], "invalid_token", "{name}");
}

#[actix_web::test]
async fn four_routes_read_as_the_tokens_workspace() {
    let mut open = Vec::new();
    for entry in routes::all() {
        if !matches!(entry.access, Access::Reads(_)) {
            continue;
        }
        open.push(format!("{} {}", entry.method, entry.path));
        let workspace = WorkspaceId::parse(ID).unwrap();
        let store = FakeStore::new();
        finds(&store, workspace, None);
        store.expect_read_to_fail(kogents_domain::store::StoreError::Failed(String::new()));
        let request = request(entry.method, &concrete(entry.path), &api_token());
        let answer = ask(&store, request).await;
        // The handler ran, and read as the workspace.
        assert_eq!(answer.status().as_u16(), 500, "{}", entry.path);
        let scopes: Vec<_> = store.log().iter().map(|record| record.scope).collect();
        assert_eq!(scopes, [Scope::System, Scope::Workspace(workspace)]);
    }
    open.sort_unstable();
    let expected = [
        "GET /permissions",
        "GET /roles",
        "GET /users",
        "GET /workspace/{id}",
    ];
    assert_eq!(open, expected);
}

#[actix_web::test]
async fn another_workspace_than_the_tokens_is_none() {
    let store = FakeStore::new();
    finds(&store, WorkspaceId::from_uuid(unique_id()), None);
    let path = format!("/workspace/{ID}");
    let answer = ask(&store, request(Method::GET, &path, &api_token())).await;
    assert_eq!(json(answer).await["code"], "not_found");
}

#[actix_web::test]
async fn a_token_that_is_revoked_or_nobodys_is_refused() {
    let store = FakeStore::new();
    let workspace = WorkspaceId::parse(ID).unwrap();
    finds(&store, workspace, Some(START));
    is_refused(
        ask(&store, request(Method::GET, "/users", &api_token())).await,
        "revoked",
    )
    .await;
    store.expect_read(|unit| {
        unit.api_tokens
            .expect_find_by_digest()
            .return_once(|_| Ok(None));
    });
    is_refused(
        ask(&store, request(Method::GET, "/users", &api_token())).await,
        "unknown",
    )
    .await;
}

#[actix_web::test]
async fn s15_no_other_route_takes_it_and_none_takes_what_has_not_its_form() {
    // A store that is asked panics: whatever is refused here is refused without a look-up.
    let store = FakeStore::new();
    let mut count = 0;
    for entry in routes::all() {
        let reads = matches!(entry.access, Access::Reads(_));
        let takes_none = matches!(entry.access, Access::Public);
        if takes_none || reads {
            continue;
        }
        count += 1;
        let name = format!("{} {}", entry.method, entry.path);
        let request = request(entry.method, &concrete(entry.path), &api_token());
        let answer = ask(&store, request).await;
        if entry.access == Access::SignedInOrCookie {
            // It reads its body first.
            assert_eq!(answer.status().as_u16(), 401, "{name}");
            continue;
        }
        is_refused(answer, &name).await;
    }
    assert!(count > 30, "{count}");
    for bad in [
        format!("kgw_{}", "A".repeat(42)),
        format!("kgw_{}", "A".repeat(44)),
        format!("kgw_{}+", "A".repeat(42)),
        format!("KGW_{}", "A".repeat(43)),
        format!("kgm_{}", "A".repeat(43)),
        "kgw_".to_owned(),
    ] {
        let answer = ask(&store, request(Method::GET, "/users", &bad)).await;
        is_refused(answer, &bad).await;
    }
}

#[actix_web::test]
async fn members_read_as_themselves() {
    for path in [
        "/users",
        "/roles",
        "/permissions",
        &format!("/workspace/{ID}"),
    ] {
        let store = FakeStore::new();
        store.expect_read_to_fail(kogents_domain::store::StoreError::Failed(String::new()));
        let answer = ask(&store, request(Method::GET, path, MEMBER_TOKEN)).await;
        assert_eq!(answer.status().as_u16(), 500, "{path}");
        let scopes: Vec<_> = store.log().iter().map(|record| record.scope).collect();
        assert!(matches!(scopes[..], [Scope::Member(..)]), "{scopes:?}");
    }
}
