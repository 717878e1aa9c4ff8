//! Whom to fence: members of the caller's own workspace, and nobody else.

use kogents_domain::store::{Store, StoreError};
use kogents_domain::workspace::DirectoryId;

use super::Member;

/// Whether the cache has been told to vouch for nobody whom a change concerns.
#[derive(Debug, Clone, Copy)]
pub(super) struct IsFenced(pub(super) bool);

/// Whether an id is that of a member of the caller's workspace. Who is none is not fenced: it
/// would cost them the cache in workspaces that are no business of the caller's.
pub(super) async fn is_member(
    store: &dyn Store,
    caller: Member,
    id: DirectoryId,
) -> Result<bool, StoreError> {
    let mut unit = store.read(caller.scope()).await?;
    let found = unit
        .memberships()
        .find(caller.workspace_id, id.as_user())
        .await?;
    Ok(found.is_some())
}
