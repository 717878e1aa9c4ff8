//! Sweeping the mail queue.

use kogents_domain::store::Scope;
use kogents_usecases::mail::{SweepOutbox, SweepOutboxError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, lost, secs};

fn sweep(bench: &Bench) -> SweepOutbox {
    SweepOutbox {
        store: bench.store(),
        clock: bench.clock(),
    }
}

#[tokio::test]
async fn finished_jobs_are_kept_for_thirty_days() {
    let bench = Bench::new();
    bench.begins(Scope::System, |unit| {
        unit.outbox
            .expect_sweep()
            .with(eq(T0), eq(T0.minus(secs(30 * 86_400))))
            .times(1)
            .returning(|_, _| Ok(17));
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
        unit.outbox.expect_sweep().return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.outbox.expect_sweep().returning(|_, _| Ok(1));
    });
    for bench in [no_unit, no_sweep, no_commit] {
        assert_eq!(
            sweep(&bench).run().await,
            Err(SweepOutboxError::Store(lost()))
        );
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
