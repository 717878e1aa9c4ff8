//! Hears what commands of other processes have changed.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use kogents_domain::cache::CacheError;
use kogents_domain::ids::NoticeId;
use kogents_domain::notice::{Notice, NoticeKind};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Timestamp};

use super::AccountCounts;
use crate::session::SessionGate;

/// Why not all was heard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeedNoticesError {
    /// What is counted could not be forgotten.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Heeds notices that are new to this process: what is cached of a person's sessions is dropped, what
/// is counted against their account forgotten. No command reaches a cache in the process; of a shared
/// one it makes sure that a command which did not reach it, or died half-way, is heeded all the same.
/// To heed one twice does no harm.
///
/// Growth: the ids of the newest notices, at most [`MOST`](Self::MOST).
pub struct HeedNotices {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The cache's sessions.
    pub gate: Arc<SessionGate>,
    /// What is counted.
    pub counts: Arc<AccountCounts>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Older ones are left alone: when this process began, its cache held nothing, or, where it is
    /// shared, what they tell of was dealt with.
    pub since: Timestamp,
    /// The notices that were heeded, of those that are read.
    pub heeded: Mutex<HashSet<NoticeId>>,
}

impl HeedNotices {
    /// How many notices are looked at: more than operators post between two looks.
    pub const MOST: u16 = 1_000;

    /// Heeds what is new and says how many that were.
    ///
    /// # Errors
    /// See [`HeedNoticesError`]; what was not heeded is heeded by the next call.
    pub async fn run(&self) -> Result<u64, HeedNoticesError> {
        let mut unit = self.store.read(Scope::System).await?;
        let newest = unit.notices().newest(Self::MOST).await?;
        drop(unit);
        let mut heeded = 0;
        for notice in &newest {
            if notice.at < self.since || self.knows(notice) {
                continue;
            }
            self.heed(notice).await?;
            self.remember(notice);
            heeded += 1;
        }
        self.forget_all_but(&newest);
        Ok(heeded)
    }

    async fn heed(&self, notice: &Notice) -> Result<(), HeedNoticesError> {
        match notice.kind {
            NoticeKind::Sessions => {
                self.gate.lift(notice.user_id, None, self.clock.now()).await;
            }
            NoticeKind::Counts => {
                let mut unit = self.store.read(Scope::System).await?;
                let user = unit.users().find(notice.user_id).await?;
                drop(unit);
                // Of somebody who is gone nothing is counted that could still keep them out.
                if let Some(user) = user {
                    self.counts.forget(&user).await?;
                }
            }
        }
        Ok(())
    }

    fn knows(&self, notice: &Notice) -> bool {
        let heeded = self.heeded.lock().unwrap_or_else(PoisonError::into_inner);
        heeded.contains(&notice.id)
    }

    fn remember(&self, notice: &Notice) {
        let mut heeded = self.heeded.lock().unwrap_or_else(PoisonError::into_inner);
        heeded.insert(notice.id);
    }

    fn forget_all_but(&self, newest: &[Notice]) {
        let there: HashSet<NoticeId> = newest.iter().map(|notice| notice.id).collect();
        let mut heeded = self.heeded.lock().unwrap_or_else(PoisonError::into_inner);
        heeded.retain(|id| there.contains(id));
    }
}
