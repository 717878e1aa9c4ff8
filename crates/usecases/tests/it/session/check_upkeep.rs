//! Telling how far the upkeep of sessions lags behind.

use kogents_domain::session::UpkeepLag;
use kogents_domain::store::Scope;
use kogents_usecases::session::{CheckUpkeep, CheckUpkeepError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, lost, secs};

fn check_upkeep(bench: &Bench) -> CheckUpkeep {
    CheckUpkeep {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn what_waits_longest_is_told_as_the_store_has_it() {
    let bench = Bench::new();
    let lag = UpkeepLag {
        to_end_since: Some(T0.minus(secs(60))),
        to_minimise_since: None,
        oldest: Some(T0.minus(secs(9_000))),
        strays: 3,
    };
    bench.reads(Scope::System, |unit| {
        unit.session_upkeep
            .expect_lag()
            .with(eq(T0))
            .times(1)
            .return_once(move |_| Ok(lag));
    });

    assert_eq!(check_upkeep(&bench).run().await, Ok(lag));
    assert_eq!(bench.journal.entries(), ["read System", "close"]);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_lag = Bench::new();
    no_lag.reads(Scope::System, |unit| {
        unit.session_upkeep
            .expect_lag()
            .return_once(|_| Err(lost()));
    });
    for bench in [no_unit, no_lag] {
        let failed = check_upkeep(&bench).run().await;
        assert_eq!(failed, Err(CheckUpkeepError::Store(lost())));
        bench.finish();
    }
}
