//! Snapshots of sessions and the fences around them, in this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{Fence, SessionSnapshot, SessionStates, Touch, Touched, Touching};
use kogents_domain::time::Timestamp;

use crate::MemoryRateLimiter;
use crate::expiring::ExpiringMap;

/// The [`SessionStates`] of this process.
///
/// Growth: at most `capacity` persons with snapshots, of whom the one whose entries end soonest
/// gives way, and at most `capacity` fenced persons, of whom none gives way: a further fence is
/// answered by [`CacheError::Full`]. A person's entries end [`SessionSnapshot::MAX_AGE`] after
/// they were last put or asked for in vain.
pub struct MemorySessionStates {
    state: Mutex<State>,
    limiter: MemoryRateLimiter,
}

struct State {
    /// Versions, fences: one counter for all, so that no number ever comes back, also when a
    /// person's entries were dropped in between.
    last_number: u64,
    persons: ExpiringMap<UserId, Person>,
    fences: ExpiringMap<UserId, Vec<Fenced>>,
}

/// A person without a fence. Fencing and lifting drop the whole entry, so that the next one has
/// another version.
struct Person {
    version: u64,
    snapshots: HashMap<SessionId, Believed>,
}

struct Believed {
    snapshot: SessionSnapshot,
    until: Timestamp,
}

struct Fenced {
    fence: Fence,
    until: Timestamp,
}

impl MemorySessionStates {
    /// An empty cache for at most `capacity` persons; requests are counted by this limiter.
    #[must_use]
    pub fn new(capacity: usize, limiter: MemoryRateLimiter) -> Self {
        let state = State {
            last_number: 0,
            persons: ExpiringMap::new(capacity),
            fences: ExpiringMap::new(capacity),
        };
        Self {
            state: Mutex::new(state),
            limiter,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    const fn next_number(&mut self) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        self.last_number
    }

    fn is_fenced(&self, user: UserId, now: Timestamp) -> bool {
        self.fences.get(&user, now).is_some()
    }

    fn touch(&mut self, user: UserId, session: SessionId, now: Timestamp) -> Touch {
        if self.is_fenced(user, now) {
            return Touch::Fenced;
        }
        let ends_at = now.plus(SessionSnapshot::MAX_AGE);
        if let Some(person) = self.persons.get(&user, now) {
            let version = person.version;
            if let Some(believed) = person.snapshots.get(&session)
                && now < believed.until
            {
                return Touch::Known(believed.snapshot);
            }
            self.persons.extend(&user, ends_at);
            return Touch::Unknown { version };
        }
        let version = self.next_number();
        let person = Person {
            version,
            snapshots: HashMap::new(),
        };
        self.persons.insert_evicting(user, person, ends_at, now);
        Touch::Unknown { version }
    }

    fn put(&mut self, snapshot: SessionSnapshot, version: u64, now: Timestamp) {
        let user = snapshot.user_id;
        let until = now.plus(SessionSnapshot::MAX_AGE).min(snapshot.expires_at);
        if self.is_fenced(user, now) || until <= now {
            return;
        }
        let Some(person) = self
            .persons
            .get_mut(&user, now)
            .filter(|person| person.version == version)
        else {
            return;
        };
        person.snapshots.retain(|_, believed| now < believed.until);
        let believed = Believed { snapshot, until };
        person.snapshots.insert(snapshot.session_id, believed);
        self.persons.extend(&user, until);
    }

    fn fence(&mut self, user: UserId, now: Timestamp) -> Result<Fence, CacheError> {
        // If the fence is never lifted, its owner may have died after its commit: what was known
        // before must not be believed again.
        self.persons.remove(&user);
        let fence = Fence(self.next_number());
        let until = now.plus(SessionSnapshot::FENCE);
        let fenced = Fenced { fence, until };
        if let Some(fences) = self.fences.get_mut(&user, now) {
            fences.retain(|other| now < other.until);
            fences.push(fenced);
            self.fences.extend(&user, until);
        } else {
            self.fences
                .insert(user, vec![fenced], until, now)
                .map_err(|_| CacheError::Full)?;
        }
        Ok(fence)
    }

    fn lift(&mut self, user: UserId, fence: Fence) {
        self.persons.remove(&user);
        let Some(fences) = self.fences.get_mut_at_any_time(&user) else {
            return;
        };
        fences.retain(|other| other.fence != fence);
        // The last to run out of those that stay decides; the entry is made anew with its end.
        let rest = std::mem::take(fences);
        let last = rest.iter().map(|other| other.until).max();
        self.fences.remove(&user);
        if let Some(until) = last {
            self.fences.insert_beyond_the_bound(user, rest, until);
        }
    }
}

#[async_trait]
impl SessionStates for MemorySessionStates {
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError> {
        let mut state = self.state();
        Ok(Touched {
            touch: state.touch(touching.user_id, touching.session_id, touching.now),
            taken: Some(
                self.limiter
                    .take_now(std::slice::from_ref(&touching.charge), touching.now),
            ),
        })
    }

    async fn put(
        &self,
        snapshot: &SessionSnapshot,
        version: u64,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        self.state().put(*snapshot, version, now);
        Ok(())
    }

    async fn fence(&self, user: UserId, now: Timestamp) -> Result<Fence, CacheError> {
        self.state().fence(user, now)
    }

    async fn lift(&self, user: UserId, fence: Fence, _now: Timestamp) -> Result<(), CacheError> {
        self.state().lift(user, fence);
        Ok(())
    }
}
