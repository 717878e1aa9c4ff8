//! Forgetting devices.

use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use kogents_usecases::session::{DropDevices, DropDevicesError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, Units, lost, secs};

const KEEP: Span = secs(396 * 86_400);

fn drop_devices(bench: &Bench) -> DropDevices {
    DropDevices {
        store: bench.store(),
        keep: KEEP,
        clock: bench.clock(),
    }
}

fn drops(unit: &mut Units, count: u64) {
    unit.devices
        .expect_drop_unseen_since()
        .with(eq(T0.minus(KEEP)), eq(DropDevices::BATCH))
        .times(1)
        .return_once(move |_, _| Ok(count));
}

#[tokio::test]
async fn devices_that_nobody_is_seen_on_are_forgotten_after_so_long() {
    for count in [3, 0] {
        let bench = Bench::new();
        bench.begins(Scope::System, |unit| drops(unit, count));

        assert_eq!(drop_devices(&bench).run().await, Ok(count));
        assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_drop = Bench::new();
    no_drop.begins(Scope::System, |unit| {
        unit.devices
            .expect_drop_unseen_since()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| drops(unit, 3));
    for bench in [no_unit, no_drop, no_commit] {
        let failed = drop_devices(&bench).run().await;
        assert_eq!(failed, Err(DropDevicesError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
