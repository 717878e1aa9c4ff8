//! Look-ups while the database is replaced.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kogents_adapter_geoip::Refreshed;

use crate::support::{Fixture, city_database, in_city};

/// Ends those who look up, also when the test has failed.
struct EndOnDrop<'a>(&'a AtomicBool);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

#[test]
fn every_look_up_is_answered_by_one_database_or_the_other() {
    let databases = [city_database("DE", "Berlin"), city_database("FR", "Paris")];
    let answers = [in_city("DE", "Berlin"), in_city("FR", "Paris")];
    let fixture = Fixture::loaded(&databases[0]);
    let ended = AtomicBool::new(false);
    let seen = [AtomicU64::new(0), AtomicU64::new(0)];
    std::thread::scope(|scope| {
        let _end = EndOnDrop(&ended);
        for _ in 0..3 {
            scope.spawn(|| {
                while !ended.load(Ordering::Acquire) {
                    let answer = fixture.answer();
                    let index = answers.iter().position(|known| *known == answer);
                    seen[index.expect("a whole answer")].fetch_add(1, Ordering::AcqRel);
                }
            });
        }
        // At least so many times, and until both were seen often.
        let mut swaps = 0;
        while swaps < 200 || seen.iter().any(|n| n.load(Ordering::Acquire) < 100) {
            swaps += 1;
            assert!(swaps < 100_000, "{seen:?}");
            fixture.replace(&databases[swaps % 2]);
            assert_eq!(fixture.look_twice(), Refreshed::Loaded);
        }
    });
}
