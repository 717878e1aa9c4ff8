//! Lets a person in again: an operator's deed.

use std::sync::Arc;

use kogents_domain::audit::AuditAction;
use kogents_domain::auth::User;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::{IdGenerator, UserId};
use kogents_domain::notice::NoticeKind;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::operator::{posted, tell_of_person};
use super::{AccountCounts, Whom};
use crate::audit::AuditDesk;

/// Why nobody was unlocked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnlockPersonError {
    /// There is no such person.
    #[error("there is no such person")]
    NotFound,
    /// The suspension is lifted; what is counted against the account is not forgotten.
    #[error("the suspension is lifted, but what is counted could not be forgotten: {0}")]
    Cache(CacheError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A person who may sign in now.
#[derive(Debug, Clone, PartialEq)]
pub struct UnlockedPerson {
    /// The person.
    pub user: User,
    /// Whether they were suspended.
    pub was_suspended: bool,
}

/// Lifts a person's suspension, and forgets what failed sign-ins and codes counted against their
/// account. Servers whose cache this does not reach hear of it by a notice.
pub struct UnlockPerson {
    /// The store.
    pub store: Arc<dyn Store>,
    /// What is counted.
    pub counts: Arc<AccountCounts>,
    /// Tells of it.
    pub audit: Arc<AuditDesk>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl UnlockPerson {
    /// Unlocks.
    ///
    /// # Errors
    /// See [`UnlockPersonError`].
    pub async fn run(&self, whom: &Whom) -> Result<UnlockedPerson, UnlockPersonError> {
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let found = whom.find(unit.as_mut()).await?;
        drop(unit);
        let id = found.ok_or(UnlockPersonError::NotFound)?.id;
        let unlocked = self.unlock(id, now).await?;
        let forgotten = self.counts.forget(&unlocked.user).await;
        forgotten.map_err(UnlockPersonError::Cache)?;
        Ok(unlocked)
    }

    async fn unlock(
        &self,
        id: UserId,
        now: Timestamp,
    ) -> Result<UnlockedPerson, UnlockPersonError> {
        let mut unit = self.store.begin(Scope::System).await?;
        let found = unit.users().find_for_update(id).await?;
        let user = found.ok_or(UnlockPersonError::NotFound)?;
        let was_suspended = user.is_suspended();
        if was_suspended {
            unit.users().set_suspended(id, None, now).await?;
            tell_of_person(
                &self.audit,
                unit.as_mut(),
                AuditAction::PersonUnlocked,
                id,
                now,
            )
            .await?;
        }
        let notice = posted(self.ids.as_ref(), NoticeKind::Counts, id, now);
        unit.notices().post(&notice).await?;
        unit.commit().await?;
        Ok(UnlockedPerson {
            user,
            was_suspended,
        })
    }
}
