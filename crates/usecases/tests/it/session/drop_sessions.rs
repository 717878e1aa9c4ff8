//! Dropping sessions and devices.

use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use kogents_usecases::session::{DropSessions, DropSessionsError};
use mockall::predicate::eq;

use crate::support::{Bench, T0, Units, lost, secs};

const KEEP: Span = secs(396 * 86_400);

fn drop_sessions(bench: &Bench) -> DropSessions {
    DropSessions {
        store: bench.store(),
        keep: KEEP,
        clock: bench.clock(),
    }
}

fn drops_sessions(unit: &mut Units, count: u64) {
    unit.session_upkeep
        .expect_drop_opened_before()
        .with(eq(T0.minus(KEEP)), eq(DropSessions::BATCH))
        .times(1)
        .return_once(move |_, _| Ok(count));
}

fn drops_devices(unit: &mut Units, count: u64) {
    unit.devices
        .expect_drop_unseen_since()
        .with(eq(T0.minus(KEEP)), eq(DropSessions::BATCH))
        .times(1)
        .return_once(move |_, _| Ok(count));
}

#[tokio::test]
async fn sessions_and_devices_go_after_so_long_in_a_unit_of_work_each() {
    for (sessions, devices) in [(3, 4), (0, 4), (3, 0), (0, 0)] {
        let bench = Bench::new();
        bench.begins(Scope::System, |unit| drops_sessions(unit, sessions));
        bench.begins(Scope::System, |unit| drops_devices(unit, devices));

        let dropped = drop_sessions(&bench).run().await;

        assert_eq!(dropped, Ok(sessions + devices));
        let each = ["begin System", "commit"];
        assert_eq!(bench.journal.entries(), [each, each].concat());
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_what_was_dropped_before_stays_so() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_drop = Bench::new();
    no_drop.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_drop_opened_before()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| drops_sessions(unit, 3));
    for bench in [no_unit, no_drop, no_commit] {
        let failed = drop_sessions(&bench).run().await;
        assert_eq!(failed, Err(DropSessionsError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }

    let no_second_unit = Bench::new();
    no_second_unit.begins(Scope::System, |unit| drops_sessions(unit, 3));
    no_second_unit.begin_fails(lost());
    let no_devices = Bench::new();
    no_devices.begins(Scope::System, |unit| drops_sessions(unit, 3));
    no_devices.begins(Scope::System, |unit| {
        unit.devices
            .expect_drop_unseen_since()
            .return_once(|_, _| Err(lost()));
    });
    let no_second_commit = Bench::new();
    no_second_commit.begins(Scope::System, |unit| drops_sessions(unit, 3));
    no_second_commit.fails_to_commit(Scope::System, lost(), |unit| drops_devices(unit, 4));
    for bench in [no_second_unit, no_devices, no_second_commit] {
        let failed = drop_sessions(&bench).run().await;
        assert_eq!(failed, Err(DropSessionsError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 1);
        bench.finish();
    }
}
