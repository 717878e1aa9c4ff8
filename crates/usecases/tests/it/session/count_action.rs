//! Counting the changes that sessions make.

use kogents_domain::session::ActivityCount;
use kogents_testkit::fakes::AskedOfCounters::Count;
use kogents_usecases::session::CountAction;

use crate::support::{Bench, T0, secs, session_id};

fn count_action(bench: &Bench) -> CountAction {
    CountAction {
        book: bench.book(),
        background: bench.background(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn a_change_is_counted_as_one_action_of_its_moment_after_the_answer() {
    let bench = Bench::new();

    count_action(&bench).run(session_id(1));

    assert_eq!(bench.journal.entries(), ["spawn"]);
    assert_eq!(bench.background.names(), ["count action"]);
    assert_eq!(bench.counters.asked(), []);

    bench.clock.set(T0.plus(secs(9)));
    bench.background.drain().await;
    let counted = Count {
        session: session_id(1),
        base: None,
        counted: ActivityCount::ACTION,
        now: T0,
    };
    assert_eq!(bench.counters.asked(), [counted]);
    assert_eq!(bench.local_counters.asked(), []);
}

#[tokio::test]
async fn while_the_cache_is_away_this_process_counts_it() {
    let bench = Bench::new();
    bench.counters.go_away();
    let count_action = count_action(&bench);

    count_action.run(session_id(1));
    count_action.run(session_id(2));
    bench.background.drain().await;

    let counted = [1, 2].map(|number| Count {
        session: session_id(number),
        base: None,
        counted: ActivityCount::ACTION,
        now: T0,
    });
    assert_eq!(bench.local_counters.asked(), counted);
}
