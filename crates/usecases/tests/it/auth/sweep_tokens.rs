//! Removing mailed tokens that have expired.

use kogents_domain::store::Scope;
use kogents_usecases::auth::{SweepTokens, SweepTokensError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, lost};

fn sweep(bench: &Bench) -> SweepTokens {
    SweepTokens {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn what_has_expired_by_now_goes_one_batch_at_a_time() {
    let bench = Bench::new();
    bench.begins(Scope::System, |unit| {
        unit.one_time_tokens
            .expect_sweep()
            .with(eq(T0))
            .times(1)
            .return_once(|_| Ok(17));
    });

    assert_eq!(sweep(&bench).run().await, Ok(17));
    assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_sweep = Bench::new();
    no_sweep.begins(Scope::System, |unit| {
        unit.one_time_tokens
            .expect_sweep()
            .return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.one_time_tokens.expect_sweep().returning(|_| Ok(1));
    });
    for bench in [no_unit, no_sweep, no_commit] {
        let failed = sweep(&bench).run().await;
        assert_eq!(failed, Err(SweepTokensError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
