//! Whom a change of a workspace concerns: they are all fenced before it happens.

use kogents_domain::access::{Action, Resource};
use kogents_domain::ids::RoleId;
use kogents_domain::store::{Store, StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;

use super::{Member, hold_workspace};
use crate::session::{Fences, SessionGate};

/// How often those who came in meanwhile are fenced too before the change is given up.
const ROUNDS: usize = 4;

/// The members whose rights or sessions a change takes something from: all of a workspace, or
/// those who have a role.
///
/// Who they are is known for certain only while the workspace's row is held, and fencing is not for
/// the time in which a unit of work is open. So they are listed and fenced first, and listed again
/// when the row is held. When somebody came in between, the unit of work is given up, they are
/// fenced too, and it is tried again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Affected {
    /// Who makes the change, and in which workspace.
    pub(crate) by: Member,
    /// The role; None: everybody.
    pub(crate) role: Option<RoleId>,
    /// The permission that the change needs.
    pub(crate) needs: (Resource, Action),
}

impl Affected {
    /// Begins the unit of work of the change: it holds the workspace's row, and all whom the
    /// change concerns are fenced. None when the workspace is gone, or the right to the change.
    ///
    /// The fences are the caller's to lift, whatever comes of it, when the unit of work has ended.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Unavailable`] also when people come in faster than they are
    /// fenced.
    pub(crate) async fn begin(
        self,
        store: &dyn Store,
        gate: &SessionGate,
        fences: &mut Fences,
        now: Timestamp,
    ) -> Result<Option<Box<dyn UnitOfWork>>, StoreError> {
        let scope = self.by.scope();
        let workspace = self.by.workspace_id;
        let mut unit = store.read(scope).await?;
        let mut users = unit.memberships().list_users(workspace, self.role).await?;
        drop(unit);
        for _ in 0..ROUNDS {
            gate.fence_also(fences, users, now).await;
            let mut unit = store.begin(scope).await?;
            let found = hold_workspace(unit.as_mut(), self.by, self.needs).await?;
            if found.is_none() {
                return Ok(None);
            }
            users = unit.memberships().list_users(workspace, self.role).await?;
            if users.iter().all(|user| fences.hold(*user)) {
                return Ok(Some(unit));
            }
        }
        Err(StoreError::Unavailable(
            "people came in faster than they were fenced".to_owned(),
        ))
    }
}
