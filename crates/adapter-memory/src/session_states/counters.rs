//! Counters of sessions, in three orders: so that neither dropping the ended ones, nor making room,
//! nor finding those to write back looks at all of them.

use std::collections::{BTreeSet, HashMap};

use kogents_domain::cache::CacheError;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, Unflushed};
use kogents_domain::time::Timestamp;

type Order = BTreeSet<(Timestamp, SessionId)>;

struct Entry {
    activity: SessionActivity,
    revision: u64,
    ends_at: Timestamp,
    /// From when on they may be given out, if the database has not got them.
    due_at: Option<Timestamp>,
}

/// A bounded map of counters. An entry is there while `now` is before its end. Of those that the
/// database has, the one that ends soonest gives way to a further one; the others never do.
pub(super) struct Counters {
    capacity: usize,
    /// One counter for all revisions, so that none ever comes back.
    last_revision: u64,
    entries: HashMap<SessionId, Entry>,
    /// Those that the database has, and those that it has not got, by their ends.
    flushed: Order,
    unflushed: Order,
    /// Those that it has not got, by when they may be given out.
    due: Order,
}

impl Counters {
    /// Counters of at most `capacity` sessions; at least one.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            last_revision: 0,
            entries: HashMap::new(),
            flushed: Order::new(),
            unflushed: Order::new(),
            due: Order::new(),
        }
    }

    /// A session's counters.
    pub(super) fn get(&self, session: SessionId, now: Timestamp) -> Option<SessionActivity> {
        self.entries
            .get(&session)
            .filter(|entry| now < entry.ends_at)
            .map(|entry| entry.activity)
    }

    /// Goes on from what the database has, and adds to it; without anything to add, keeps it as the
    /// database has it. Where there is nothing to go on from, nothing is kept.
    pub(super) fn count(
        &mut self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: Option<ActivityCount>,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        let readings = [self.get(session, now), base];
        let later = readings
            .into_iter()
            .flatten()
            .reduce(SessionActivity::latest);
        let Some(mut activity) = later else {
            return Ok(());
        };
        if !self.entries.contains_key(&session) {
            self.make_room(now)?;
        }
        let before = self.take_out(session).filter(|entry| now < entry.ends_at);
        let (mut revision, mut due_at) = before
            .as_ref()
            .map_or((None, None), |entry| (Some(entry.revision), entry.due_at));
        let mut ends_at = now.plus(Unflushed::KEEP_FLUSHED);
        if let Some(counted) = counted {
            activity.count(counted, now);
            revision = None;
            // What is claimed stays claimed.
            due_at = due_at.or(Some(now));
            ends_at = now.plus(Unflushed::KEEP_UNFLUSHED);
        }
        let entry = Entry {
            activity,
            revision: revision.unwrap_or_else(|| self.next_revision()),
            ends_at: before.map_or(ends_at, |entry| entry.ends_at.max(ends_at)),
            due_at,
        };
        self.put_in(session, entry);
        Ok(())
    }

    /// Gives out what the database has not got, those that have waited longest first.
    pub(super) fn claim(&mut self, limit: u32, now: Timestamp) -> Vec<Unflushed> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut given = Vec::new();
        while given.len() < limit
            && let Some((due_at, session_id)) = self.due.first().copied()
            && due_at <= now
            && let Some(entry) = self.take_out(session_id)
        {
            if entry.ends_at <= now {
                continue;
            }
            given.push(Unflushed {
                session_id,
                activity: entry.activity,
                revision: entry.revision,
            });
            let due_at = Some(now.plus(Unflushed::CLAIM));
            self.put_in(session_id, Entry { due_at, ..entry });
        }
        given
    }

    /// How many of them the database has not got.
    pub(super) fn waiting(&self) -> u64 {
        u64::try_from(self.due.len()).unwrap_or(u64::MAX)
    }

    /// The database has these.
    pub(super) fn settle(&mut self, flushed: &Unflushed, now: Timestamp) {
        let session = flushed.session_id;
        let is_waiting = |entry: &Entry| entry.due_at.is_some();
        if !self.entries.get(&session).is_some_and(is_waiting) {
            return;
        }
        if let Some(mut entry) = self.take_out(session) {
            if entry.revision == flushed.revision {
                entry.due_at = None;
                entry.ends_at = now.plus(Unflushed::KEEP_FLUSHED);
            } else {
                entry.due_at = Some(now);
            }
            self.put_in(session, entry);
        }
    }

    const fn next_revision(&mut self) -> u64 {
        self.last_revision = self.last_revision.saturating_add(1);
        self.last_revision
    }

    /// Drops what has ended, then makes room for one entry more.
    fn make_room(&mut self, now: Timestamp) -> Result<(), CacheError> {
        while let Some((ends_at, session)) = self.soonest_to_end()
            && ends_at <= now
        {
            self.take_out(session);
        }
        if self.entries.len() >= self.capacity {
            let (_, gives_way) = self.flushed.first().copied().ok_or(CacheError::Full)?;
            self.take_out(gives_way);
        }
        Ok(())
    }

    fn soonest_to_end(&self) -> Option<(Timestamp, SessionId)> {
        let both = [self.flushed.first(), self.unflushed.first()];
        both.into_iter().flatten().min().copied()
    }

    fn put_in(&mut self, session: SessionId, entry: Entry) {
        if let Some(due_at) = entry.due_at {
            self.due.insert((due_at, session));
            self.unflushed.insert((entry.ends_at, session));
        } else {
            self.flushed.insert((entry.ends_at, session));
        }
        self.entries.insert(session, entry);
    }

    fn take_out(&mut self, session: SessionId) -> Option<Entry> {
        let entry = self.entries.remove(&session)?;
        if let Some(due_at) = entry.due_at {
            self.due.remove(&(due_at, session));
            self.unflushed.remove(&(entry.ends_at, session));
        } else {
            self.flushed.remove(&(entry.ends_at, session));
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::time::Span;
    use kogents_testkit::builders::{START, unique_id};

    use super::*;

    fn at(secs: i64) -> Timestamp {
        START.plus(Span::from_secs(secs))
    }

    fn sessions<const N: usize>() -> [SessionId; N] {
        [(); N].map(|()| SessionId::from_uuid(unique_id()))
    }

    fn count(counters: &mut Counters, session: SessionId, secs: i64) -> Result<(), CacheError> {
        let base = Some(SessionActivity::starting(START));
        counters.count(session, base, Some(ActivityCount::REQUEST), at(secs))
    }

    /// How many are in the map, and in each order.
    fn held(counters: &Counters) -> [usize; 4] {
        let orders = [&counters.flushed, &counters.unflushed, &counters.due];
        let [flushed, unflushed, due] = orders.map(BTreeSet::len);
        [counters.entries.len(), flushed, unflushed, due]
    }

    #[test]
    fn r10_no_order_holds_more_than_the_map() {
        let mut counters = Counters::new(2);
        let [one, other, third, fourth] = sessions();
        for (session, secs) in [(one, 0), (one, 1), (other, 2)] {
            assert_eq!(count(&mut counters, session, secs), Ok(()));
        }
        assert_eq!(held(&counters), [2, 0, 2, 2]);
        let claimed = counters.claim(1, at(3));
        assert_eq!(held(&counters), [2, 0, 2, 2]);
        for secs in [4, 5] {
            counters.settle(&claimed[0], at(secs));
            assert_eq!(held(&counters), [2, 1, 1, 1]);
        }
        // A day on all have ended; whoever comes drops them.
        assert_eq!(count(&mut counters, third, 90_000), Ok(()));
        assert_eq!(held(&counters), [1, 0, 1, 1]);
        // So does whoever asks.
        assert_eq!(counters.claim(10, at(180_000)), []);
        assert_eq!(held(&counters), [0, 0, 0, 0]);
        // What is put, and not counted on, is as the database has it.
        let base = Some(SessionActivity::starting(START));
        assert_eq!(counters.count(fourth, base, None, at(180_000)), Ok(()));
        assert_eq!(held(&counters), [1, 1, 0, 0]);
    }

    #[test]
    fn r10_what_the_database_has_gives_way_and_nothing_else() {
        let mut counters = Counters::new(3);
        let [first, second, third, fourth, fifth] = sessions();
        for (session, secs) in [(first, 0), (second, 1), (third, 2)] {
            assert_eq!(count(&mut counters, session, secs), Ok(()));
        }
        assert_eq!(count(&mut counters, fourth, 3), Err(CacheError::Full));
        // The second is written back before the first: it ends sooner.
        let claimed = counters.claim(2, at(4));
        counters.settle(&claimed[1], at(5));
        counters.settle(&claimed[0], at(6));
        assert_eq!(count(&mut counters, fourth, 7), Ok(()));
        assert!(counters.get(first, at(7)).is_some());
        assert_eq!(count(&mut counters, fifth, 7), Ok(()));
        assert_eq!(count(&mut counters, first, 7), Err(CacheError::Full));
        let there = [first, second, third, fourth, fifth]
            .map(|session| counters.get(session, at(8)).is_some());
        assert_eq!(there, [false, false, true, true, true]);
        // Those that are there are counted on.
        assert_eq!(count(&mut counters, third, 8), Ok(()));
    }
}
