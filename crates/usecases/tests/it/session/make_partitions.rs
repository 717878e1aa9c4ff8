//! Making room for the sessions to come.

use kogents_domain::store::Scope;
use kogents_usecases::session::{MakePartitions, MakePartitionsError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, lost};

fn make_partitions(bench: &Bench) -> MakePartitions {
    MakePartitions {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn this_month_and_the_next_two_have_room() {
    for made in [0, 3] {
        let bench = Bench::new();
        bench.begins(Scope::System, |unit| {
            unit.session_upkeep
                .expect_make_partitions()
                .with(eq(T0), eq(2))
                .times(1)
                .return_once(move |_, _| Ok(made));
        });

        assert_eq!(make_partitions(&bench).run().await, Ok(made));
        assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let not_made = Bench::new();
    not_made.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_make_partitions()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.session_upkeep
            .expect_make_partitions()
            .return_once(|_, _| Ok(3));
    });
    for bench in [no_unit, not_made, no_commit] {
        let failed = make_partitions(&bench).run().await;
        assert_eq!(failed, Err(MakePartitionsError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
