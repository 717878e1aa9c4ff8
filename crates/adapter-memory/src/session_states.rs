//! Snapshots of sessions, the fences around them, and the counters beside them, in this process.

mod counters;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{
    ActivityCount, Fence, SessionActivity, SessionCounters, SessionSnapshot, SessionStates, Touch,
    Touched, Touching, Unflushed, Vouched,
};
use kogents_domain::time::Timestamp;

use crate::MemoryRateLimiter;
use crate::expiring::ExpiringMap;
use counters::Counters;

/// The [`SessionStates`] and [`SessionCounters`] of this process.
///
/// Growth: at most `capacity` persons with snapshots, of whom the one whose entries end soonest
/// gives way, and at most `capacity` fenced persons, of whom none gives way: a further fence is
/// answered by [`CacheError::Full`]. A person's entries end [`SessionSnapshot::MAX_AGE`] after
/// they were last put or asked for in vain. And the counters of at most `capacity` sessions: of
/// those that the database has, the one that ends soonest gives way; where it has none of them, a
/// further session is answered by [`CacheError::Full`], and neither counted nor put.
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
    counters: Counters,
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
    /// An empty cache for at most `capacity` persons, and as many sessions with counters; requests
    /// are counted against their limits by this limiter.
    #[must_use]
    pub fn new(capacity: usize, limiter: MemoryRateLimiter) -> Self {
        let state = State {
            last_number: 0,
            persons: ExpiringMap::new(capacity),
            fences: ExpiringMap::new(capacity),
            counters: Counters::new(capacity),
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

    /// What is known of a session, of which something was last heard at this moment.
    fn touch(&mut self, touching: &Touching, heard_at: Option<Timestamp>) -> Touch {
        let (user, session, now) = (touching.user_id, touching.session_id, touching.now);
        if self.is_fenced(user, now) {
            return Touch::Fenced;
        }
        let ends_at = now.plus(SessionSnapshot::MAX_AGE);
        if let Some(person) = self.persons.get(&user, now) {
            let version = person.version;
            if let (Some(believed), Some(heard_at)) = (person.snapshots.get(&session), heard_at)
                && now < believed.until
                && now
                    < believed
                        .snapshot
                        .expires_at(heard_at, touching.session_idle)
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
        let until = now
            .plus(SessionSnapshot::MAX_AGE)
            .min(snapshot.absolute_expires_at);
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
        let (session, now) = (touching.session_id, touching.now);
        let mut state = self.state();
        let cached = state.counters.get(session, now);
        let heard_at = cached.map(|activity| activity.last_activity_at);
        let touch = state.touch(touching, heard_at);
        let charge = std::slice::from_ref(&touching.charge);
        let taken = self.limiter.take_now(charge, now);
        let counted = match taken.refused_for {
            // The client was refused and tells of pages and actions again.
            Some(_) => touching.counted.map(ActivityCount::requests_alone),
            None => touching.counted,
        };
        if let Touch::Known(_) = touch
            && counted.is_some()
        {
            // Counters that are there need no further room.
            state.counters.count(session, None, counted, now)?;
        }
        Ok(Touched {
            touch,
            heard_at,
            taken: Some(taken),
        })
    }

    async fn put(&self, vouched: &Vouched) -> Result<(), CacheError> {
        let (snapshot, now) = (vouched.snapshot, vouched.now);
        let (session, base) = (snapshot.session_id, Some(vouched.activity));
        let mut state = self.state();
        state.counters.count(session, base, vouched.counted, now)?;
        if let Some(version) = vouched.version {
            state.put(snapshot, version, now);
        }
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

#[async_trait]
impl SessionCounters for MemorySessionStates {
    async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        let counters = &mut self.state().counters;
        counters.count(session, base, Some(counted), now)
    }

    async fn look(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError> {
        let counters = &self.state().counters;
        let look = |session: &SessionId| counters.get(*session, now);
        Ok(sessions.iter().map(look).collect())
    }

    async fn unflushed(&self, limit: u32, now: Timestamp) -> Result<Vec<Unflushed>, CacheError> {
        Ok(self.state().counters.claim(limit, now))
    }

    async fn flushed(&self, flushed: &[Unflushed], now: Timestamp) -> Result<(), CacheError> {
        let counters = &mut self.state().counters;
        for one in flushed {
            counters.settle(one, now);
        }
        Ok(())
    }

    async fn waiting(&self) -> Result<u64, CacheError> {
        Ok(self.state().counters.waiting())
    }
}
