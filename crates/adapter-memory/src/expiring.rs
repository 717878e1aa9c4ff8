//! A bounded map whose entries end, with an index by their end, so that neither dropping the
//! ended ones nor finding the next to end looks at all of them.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use kogents_domain::time::Timestamp;

/// The map is at its bound and nothing in it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRoom;

struct Entry<V> {
    ends_at: Timestamp,
    weight: usize,
    value: V,
}

/// A bounded map. An entry is there while `now` is before its end.
pub(crate) struct ExpiringMap<K, V> {
    capacity: usize,
    /// What all entries weigh, and from what weight on no further one fits.
    weight: usize,
    most_weight: usize,
    entries: HashMap<K, Entry<V>>,
    ends: BTreeSet<(Timestamp, K)>,
}

impl<K: Copy + Ord + Hash, V> ExpiringMap<K, V> {
    /// A map of at most `capacity` entries; at least one.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            weight: 0,
            most_weight: usize::MAX,
            entries: HashMap::new(),
            ends: BTreeSet::new(),
        }
    }

    /// The same, with a bound on what the entries weigh together. The last to fit may reach
    /// beyond it.
    pub(crate) fn with_most_weight(capacity: usize, most_weight: usize) -> Self {
        Self {
            most_weight: most_weight.max(1),
            ..Self::new(capacity)
        }
    }

    /// Says what an entry weighs from now on; 0 until it is said.
    pub(crate) fn weigh(&mut self, key: &K, weight: usize) {
        if let Some(entry) = self.entries.get_mut(key) {
            self.weight = self
                .weight
                .saturating_sub(entry.weight)
                .saturating_add(weight);
            entry.weight = weight;
        }
    }

    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<&V> {
        self.entries
            .get(key)
            .filter(|entry| now < entry.ends_at)
            .map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: &K, now: Timestamp) -> Option<&mut V> {
        self.entries
            .get_mut(key)
            .filter(|entry| now < entry.ends_at)
            .map(|entry| &mut entry.value)
    }

    /// The entry, ended or not: for steps that have no `now`.
    pub(crate) fn get_mut_at_any_time(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// Drops what has ended, then says whether a new entry fits. Every entry is dropped once, so
    /// that this costs its adder a step or two on average.
    pub(crate) fn has_room(&mut self, now: Timestamp) -> bool {
        while let Some((ends_at, key)) = self.ends.first().copied() {
            if now < ends_at {
                break;
            }
            self.remove(&key);
        }
        self.entries.len() < self.capacity && self.weight < self.most_weight
    }

    /// Adds or replaces an entry.
    pub(crate) fn insert(
        &mut self,
        key: K,
        value: V,
        ends_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), NoRoom> {
        if self.has_room(now) || self.entries.contains_key(&key) {
            self.insert_beyond_the_bound(key, value, ends_at);
            Ok(())
        } else {
            Err(NoRoom)
        }
    }

    /// Adds or replaces an entry whatever the bound. The caller says why that is bounded, too.
    pub(crate) fn insert_beyond_the_bound(&mut self, key: K, value: V, ends_at: Timestamp) {
        self.remove(&key);
        self.ends.insert((ends_at, key));
        let weight = 0;
        self.entries.insert(
            key,
            Entry {
                ends_at,
                weight,
                value,
            },
        );
    }

    /// Adds or replaces an entry, in place of the one that ends soonest if there is no room.
    pub(crate) fn insert_evicting(&mut self, key: K, value: V, ends_at: Timestamp, now: Timestamp) {
        if !self.has_room(now)
            && !self.entries.contains_key(&key)
            && let Some((_, soonest)) = self.ends.first().copied()
        {
            self.remove(&soonest);
        }
        self.insert_beyond_the_bound(key, value, ends_at);
    }

    /// Moves an entry's end to a later moment; an earlier one changes nothing.
    pub(crate) fn extend(&mut self, key: &K, ends_at: Timestamp) {
        if let Some(entry) = self.entries.get_mut(key)
            && entry.ends_at < ends_at
        {
            self.ends.remove(&(entry.ends_at, *key));
            self.ends.insert((ends_at, *key));
            entry.ends_at = ends_at;
        }
    }

    /// Removes every entry of such a key, after looking at all of them.
    pub(crate) fn remove_if(&mut self, is_such: impl Fn(&K) -> bool) {
        let such: Vec<K> = self
            .entries
            .keys()
            .copied()
            .filter(|key| is_such(key))
            .collect();
        for key in such {
            self.remove(&key);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.weight = self.weight.saturating_sub(entry.weight);
            self.ends.remove(&(entry.ends_at, *key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn held(map: &ExpiringMap<u8, char>) -> (usize, usize) {
        (map.entries.len(), map.ends.len())
    }

    #[test]
    fn an_entry_is_there_until_its_end() {
        let mut map = ExpiringMap::new(2);
        assert_eq!(map.insert(1, 'a', at(10), at(0)), Ok(()));
        assert_eq!(map.get(&1, at(9)), Some(&'a'));
        assert_eq!(map.get(&1, at(10)), None);
        assert_eq!(map.get_mut(&1, at(10)), None);
    }

    #[test]
    fn r10_what_is_heavy_leaves_less_room() {
        let mut map = ExpiringMap::with_most_weight(10, 100);
        assert_eq!(map.insert(1, 'a', at(10), at(0)), Ok(()));
        map.weigh(&1, 99);
        assert_eq!(map.insert(2, 'b', at(20), at(0)), Ok(()));
        map.weigh(&2, 50);
        assert_eq!(map.insert(3, 'c', at(30), at(0)), Err(NoRoom));
        map.weigh(&1, 10);
        assert_eq!(map.insert(3, 'c', at(30), at(0)), Ok(()));
        map.weigh(&3, 45);
        assert_eq!(map.insert(4, 'd', at(30), at(0)), Err(NoRoom));
        assert_eq!(map.insert(4, 'd', at(30), at(10)), Ok(()));
    }

    #[test]
    fn r10_at_the_bound_only_ended_entries_make_room() {
        let mut map = ExpiringMap::new(2);
        assert_eq!(map.insert(1, 'a', at(10), at(0)), Ok(()));
        assert_eq!(map.insert(2, 'b', at(20), at(0)), Ok(()));
        assert_eq!(map.insert(3, 'c', at(30), at(9)), Err(NoRoom));
        assert_eq!(map.insert(2, 'B', at(40), at(9)), Ok(()));
        assert_eq!(map.insert(3, 'c', at(30), at(10)), Ok(()));
        assert_eq!(map.get(&2, at(39)), Some(&'B'));
        assert_eq!(held(&map), (2, 2));
    }

    #[test]
    fn r10_the_soonest_to_end_gives_way() {
        let mut map = ExpiringMap::new(2);
        map.insert_evicting(1, 'a', at(30), at(0));
        map.insert_evicting(2, 'b', at(20), at(0));
        map.insert_evicting(3, 'c', at(10), at(0));
        assert_eq!(map.get(&2, at(0)), None);
        assert_eq!(map.get(&1, at(0)), Some(&'a'));
        assert_eq!(map.get(&3, at(0)), Some(&'c'));
        assert_eq!(held(&map), (2, 2));
    }

    #[test]
    fn an_end_only_moves_forward() {
        let mut map = ExpiringMap::new(1);
        map.insert_evicting(1, 'a', at(10), at(0));
        map.extend(&1, at(5));
        assert_eq!(map.get(&1, at(9)), Some(&'a'));
        map.extend(&1, at(15));
        assert_eq!(map.get(&1, at(14)), Some(&'a'));
        assert_eq!(held(&map), (1, 1));
        map.remove(&1);
        assert_eq!(held(&map), (0, 0));
    }
}
