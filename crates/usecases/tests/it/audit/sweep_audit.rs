//! Removing what the audit log has told for long enough.

use kogents_domain::audit::KEPT;
use kogents_domain::store::Scope;
use kogents_usecases::audit::{SweepAudit, SweepAuditError, SweptAudit};
use mockall::predicate::eq;

use crate::support::{Bench, T0, Units, lost};

fn sweep_audit(bench: &Bench) -> SweepAudit {
    SweepAudit {
        store: bench.store(),
        clock: bench.clock(),
    }
}

fn removes(unit: &mut Units, removed: u64) {
    unit.audit
        .expect_sweep()
        .with(eq(T0.minus(KEPT)), eq(SweepAudit::BATCH))
        .times(1)
        .return_once(move |_, _| Ok(removed));
}

#[tokio::test]
async fn entries_past_keeping_go_and_after_a_whole_batch_more_may_wait() {
    let batch = u64::from(SweepAudit::BATCH);
    for (removed, more) in [(0, false), (batch - 1, false), (batch, true)] {
        let bench = Bench::new();
        bench.begins(Scope::System, |unit| removes(unit, removed));
        let swept = sweep_audit(&bench).run().await;
        assert_eq!(swept, Ok(SweptAudit { removed, more }));
        assert_eq!(bench.journal.count("commit"), 1);
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_sweep = Bench::new();
    no_sweep.begins(Scope::System, |unit| {
        unit.audit.expect_sweep().return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| removes(unit, 3));
    for bench in [no_unit, no_sweep, no_commit] {
        let swept = sweep_audit(&bench).run().await;
        assert_eq!(swept, Err(SweepAuditError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
