//! Ids that count up from one.

use std::sync::atomic::{AtomicU64, Ordering};

use kogents_domain::ids::IdGenerator;
use uuid::{Builder, Uuid};

use crate::builders::START;

/// Gives the same ids in every run: the first, the second, and so on.
#[derive(Debug, Default)]
pub struct SequentialIds(AtomicU64);

impl SequentialIds {
    /// The id that the n-th call gives, counted from 1.
    ///
    /// # Panics
    /// Beyond 2^62.
    #[must_use]
    pub fn nth(n: u64) -> Uuid {
        assert!(n < 1 << 62, "the variant's bits would overwrite the count");
        let mut count = [0; 10];
        for (place, byte) in count.iter_mut().skip(2).zip(n.to_be_bytes()) {
            *place = byte;
        }
        let millis = u64::try_from(START.as_millis()).expect("after 1970");
        Builder::from_unix_timestamp_millis(millis, &count).into_uuid()
    }
}

impl IdGenerator for SequentialIds {
    fn next(&self) -> Uuid {
        Self::nth(self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::ids::UserId;

    use super::*;

    #[test]
    fn ids_count_up_and_are_of_version_seven() {
        let ids = SequentialIds::default();
        let given: Vec<Uuid> = (0..300).map(|_| ids.next()).collect();
        assert!(given.is_sorted_by(|a, b| a < b));
        assert_eq!(given[1], SequentialIds::nth(2));
        assert!(UserId::parse(&given[0].to_string()).is_ok());
    }
}
