//! Suspends a person: an operator's deed.

use std::sync::Arc;

use kogents_domain::access::SystemRole;
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::User;
use kogents_domain::ids::{IdGenerator, UserId};
use kogents_domain::notice::NoticeKind;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};
use kogents_domain::time::{Clock, Timestamp};
use kogents_domain::workspace::{PersonMembership, Slug};

use super::Whom;
use super::operator::{posted, tell_of_person};
use crate::audit::{AuditDesk, Doer};
use crate::session::SessionGate;

/// Why nobody was suspended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuspendPersonError {
    /// There is no such person.
    #[error("there is no such person")]
    NotFound,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A person who is suspended now.
#[derive(Debug, Clone, PartialEq)]
pub struct SuspendedPerson {
    /// The person.
    pub user: User,
    /// Whether they were suspended before already.
    pub was_already: bool,
    /// How many live sessions of theirs ended.
    pub ended: u64,
    /// Workspaces that have no active admin since: who suspends may take the last one away, where it
    /// is they who must be kept out, and has to know. None where they were suspended before already.
    pub without_admin: Vec<Slug>,
}

/// Suspends a person and ends their sessions. They cannot sign in until they are unlocked. Servers
/// whose cache this does not reach hear of it by a notice.
pub struct SuspendPerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Keeps the cache from telling what is no longer true.
    pub gate: Arc<SessionGate>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl SuspendPerson {
    /// Suspends.
    ///
    /// # Errors
    /// See [`SuspendPersonError`].
    pub async fn run(&self, whom: &Whom) -> Result<SuspendedPerson, SuspendPersonError> {
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let found = whom.find(unit.as_mut()).await?;
        drop(unit);
        let id = found.ok_or(SuspendPersonError::NotFound)?.id;
        let fence = self.gate.fence(id, now).await;
        let suspended = self.suspend(id, now).await;
        self.gate.lift(id, fence, now).await;
        suspended
    }

    async fn suspend(
        &self,
        id: UserId,
        now: Timestamp,
    ) -> Result<SuspendedPerson, SuspendPersonError> {
        let mut unit = self.store.begin(Scope::System).await?;
        // A sign-in at the same moment waits, and sees that they are suspended.
        let found = unit.users().find_for_update(id).await?;
        let user = found.ok_or(SuspendPersonError::NotFound)?;
        let was_already = user.is_suspended();
        let mut without_admin = Vec::new();
        if !was_already {
            unit.users().set_suspended(id, Some(now), now).await?;
            let memberships = tell_of_person(
                &self.audit,
                unit.as_mut(),
                AuditAction::PersonSuspended,
                id,
                now,
            )
            .await?;
            for member in memberships {
                if has_lost_its_admin(unit.as_mut(), &member).await? {
                    without_admin.push(member.standing.workspace.slug);
                }
            }
        }
        let ended = unit
            .sessions()
            .end_others(id, None, EndReason::Suspended, now)
            .await?;
        self.audit
            .record_ended(unit.as_mut(), Doer::NOBODY, &ended, now)
            .await?;
        let notice = posted(self.ids.as_ref(), NoticeKind::Sessions, id, now);
        unit.notices().post(&notice).await?;
        unit.commit().await?;
        let live = ended.iter().filter(|session| now < session.expires_at());
        Ok(SuspendedPerson {
            user,
            was_already,
            ended: u64::try_from(live.count()).unwrap_or(u64::MAX),
            without_admin,
        })
    }
}

/// Whether a member who is suspended now was the last active admin of their workspace.
async fn has_lost_its_admin(
    unit: &mut dyn UnitOfWork,
    member: &PersonMembership,
) -> Result<bool, StoreError> {
    if member.standing.role.system != Some(SystemRole::Admin) {
        return Ok(false);
    }
    let workspace = member.membership.workspace_id;
    Ok(unit.memberships().count_active_admins(workspace).await? == 0)
}
