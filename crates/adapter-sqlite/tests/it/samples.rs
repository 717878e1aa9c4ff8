//! Rows to write and to look for.

use kogents_domain::ids::WorkspaceId;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Branding, Slug, Workspace, WorkspaceName};
use uuid::Uuid;

/// A workspace whose id and slug come from its number.
pub(crate) fn workspace(number: u128) -> Workspace {
    let now = Timestamp::from_millis(1_700_000_000_000);
    Workspace {
        id: id(number),
        name: WorkspaceName::parse("Acme").unwrap(),
        slug: Slug::parse(&format!("acme-{number}")).unwrap(),
        branding: Branding::default(),
        language: None,
        created_at: now,
        updated_at: now,
    }
}

/// The id of the workspace of a number.
pub(crate) fn id(number: u128) -> WorkspaceId {
    WorkspaceId::from_uuid(Uuid::from_u128(number))
}

/// Adds the workspace of a number in a unit of work of its own.
pub(crate) async fn add(store: &dyn Store, number: u128) -> Result<(), StoreError> {
    let mut work = store.begin(Scope::System).await?;
    work.workspaces().insert(&workspace(number)).await?;
    work.commit().await
}

/// Whether the workspace of a number is there, as a new reader sees it.
pub(crate) async fn has(store: &dyn Store, number: u128) -> bool {
    let mut work = store.read(Scope::System).await.unwrap();
    let found = work.workspaces().find(id(number)).await.unwrap();
    found.is_some()
}
