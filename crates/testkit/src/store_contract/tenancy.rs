//! Cases of workspaces and their roles.

use std::sync::Arc;

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::ids::{RoleId, WorkspaceId};
use kogents_domain::store::{Constraint, StoreError};
use kogents_domain::workspace::{Slug, Workspace};

use super::accounts::some_workspace;
use super::support::{StorePort, at, begin, commit, read};
use crate::builders::{START, a_role, a_role_name, a_workspace, unique_id, unique_word};
use crate::parallel::at_once;

async fn assert_round_trip(store: &StorePort, workspace: Workspace) {
    let mut unit = begin(store).await;
    unit.workspaces().insert(&workspace).await.unwrap();
    commit(unit).await;
    let mut unit = read(store).await;
    let found = unit.workspaces().find(workspace.id).await.unwrap().unwrap();
    assert_eq!(found, workspace);
    let given = |workspace: &Workspace| {
        let email = workspace.branding.support_email.as_ref();
        email.map(|email| email.as_given().to_owned())
    };
    assert_eq!(given(&found), given(&workspace));
}

/// With every optional member set.
pub async fn a_workspace_round_trips_with_every_field(store: StorePort) {
    let workspace = a_workspace()
        .everything()
        .with(|workspace| workspace.updated_at = at(1))
        .build();
    assert_round_trip(&store, workspace).await;
}

/// With none set.
pub async fn a_workspace_round_trips_with_bare_fields(store: StorePort) {
    assert_round_trip(&store, a_workspace().build()).await;
}

/// By the whole slug only.
pub async fn a_workspace_is_found_by_its_slug(store: StorePort) {
    let workspace = some_workspace(&store).await;
    let longer = Slug::parse(&format!("{}x", workspace.slug.as_str())).unwrap();
    let unknown = WorkspaceId::from_uuid(unique_id());
    let mut unit = read(&store).await;
    let workspaces = unit.workspaces();
    assert_eq!(workspaces.find_by_slug(&longer).await.unwrap(), None);
    assert_eq!(workspaces.find(unknown).await.unwrap(), None);
    let found = workspaces.find_by_slug(&workspace.slug).await.unwrap();
    assert_eq!(found, Some(workspace));
}

/// Twenty at once: one wins, the others conflict.
pub async fn s28_parallel_inserts_of_one_slug_give_one_workspace(store: StorePort) {
    let slug = format!("acme-{}", unique_word());
    let results = at_once((0..20).map(|_| {
        let (store, workspace) = (Arc::clone(&store), a_workspace().slug(&slug).build());
        async move {
            let mut unit = begin(&store).await;
            unit.workspaces().insert(&workspace).await?;
            unit.commit().await
        }
    }))
    .await;
    let lost: Vec<StoreError> = results.into_iter().filter_map(Result::err).collect();
    assert_eq!(
        lost,
        vec![StoreError::Conflict(Constraint::WorkspaceSlug); 19]
    );
}

async fn assert_role_round_trip(store: &StorePort, role: Role) {
    let mut unit = begin(store).await;
    unit.roles().insert(&role).await.unwrap();
    commit(unit).await;
    let mut unit = read(store).await;
    let found = unit.roles().find(role.workspace_id, role.id).await.unwrap();
    assert_eq!(found, Some(role));
}

/// Every key is known to the store.
pub async fn every_system_role_round_trips(store: StorePort) {
    let workspace = some_workspace(&store).await;
    for role in SystemRole::ALL {
        assert_role_round_trip(&store, a_role(workspace.id, role)).await;
    }
}

/// One that a workspace made itself, inactive, changed since.
pub async fn a_custom_role_round_trips(store: StorePort) {
    let workspace = some_workspace(&store).await;
    let role = Role {
        id: RoleId::from_uuid(unique_id()),
        workspace_id: workspace.id,
        name: a_role_name("Nachtschicht \u{1F319}"),
        description: "Antwortet nachts.".to_owned(),
        system: None,
        is_active: false,
        created_at: START,
        updated_at: at(1),
    };
    assert_role_round_trip(&store, role.clone()).await;
    let bare = Role {
        id: RoleId::from_uuid(unique_id()),
        name: a_role_name("Another"),
        description: String::new(),
        ..role
    };
    assert_role_round_trip(&store, bare).await;
}

/// Elsewhere it does not exist.
pub async fn a_role_is_found_in_its_own_workspace_only(store: StorePort) {
    let (own, other) = (some_workspace(&store).await, some_workspace(&store).await);
    let role = a_role(own.id, SystemRole::Agent);
    assert_role_round_trip(&store, role.clone()).await;
    let mut unit = read(&store).await;
    assert_eq!(unit.roles().find(other.id, role.id).await.unwrap(), None);
    let unknown = RoleId::from_uuid(unique_id());
    assert_eq!(unit.roles().find(own.id, unknown).await.unwrap(), None);
}

/// Names are unique within a workspace only.
pub async fn two_workspaces_may_have_roles_of_one_name(store: StorePort) {
    for _ in 0..2 {
        let workspace = some_workspace(&store).await;
        assert_role_round_trip(&store, a_role(workspace.id, SystemRole::Viewer)).await;
    }
}
