//! Letting one instance at a time look after the tables of sessions.

use kogents_domain::store::Scope;
use kogents_testkit::fakes::SequentialIds;
use kogents_usecases::session::UpkeepLease;
use mockall::predicate::eq;

use crate::support::{Bench, T0, Units, lost, secs};

fn lease(bench: &Bench, holder: u64) -> UpkeepLease {
    UpkeepLease {
        store: bench.store(),
        clock: bench.clock(),
        holder: SequentialIds::nth(holder),
    }
}

fn takes(unit: &mut Units, holder: u64, taken: bool) {
    unit.leases
        .expect_take()
        .with(
            eq("upkeep"),
            eq(SequentialIds::nth(holder)),
            eq(T0.plus(secs(120))),
            eq(T0),
        )
        .times(1)
        .return_once(move |_, _, _, _| Ok(taken));
}

fn gives_back(unit: &mut Units, holder: u64) {
    unit.leases
        .expect_give_back()
        .with(eq("upkeep"), eq(SequentialIds::nth(holder)))
        .times(1)
        .return_once(|_, _| Ok(()));
}

#[tokio::test]
async fn an_instance_takes_the_lease_under_its_own_name_for_two_minutes_from_now() {
    for (holder, taken) in [(1, true), (2, false)] {
        let bench = Bench::new();
        bench.begins(Scope::System, |unit| takes(unit, holder, taken));

        assert_eq!(lease(&bench, holder).take().await, Ok(taken));
        assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
        bench.finish();
    }
}

#[tokio::test]
async fn an_instance_gives_back_what_is_its_own() {
    let bench = Bench::new();
    bench.begins(Scope::System, |unit| gives_back(unit, 1));

    assert_eq!(lease(&bench, 1).give_back().await, Ok(()));
    assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
    bench.finish();
}

#[tokio::test]
async fn a_lease_that_could_not_be_written_is_not_held() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let not_taken = Bench::new();
    not_taken.begins(Scope::System, |unit| {
        unit.leases
            .expect_take()
            .return_once(|_, _, _, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| takes(unit, 1, true));
    for bench in [no_unit, not_taken, no_commit] {
        assert_eq!(lease(&bench, 1).take().await, Err(lost()));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn a_lease_that_could_not_be_given_back_is_told() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let not_given = Bench::new();
    not_given.begins(Scope::System, |unit| {
        unit.leases
            .expect_give_back()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| gives_back(unit, 1));
    for bench in [no_unit, not_given, no_commit] {
        assert_eq!(lease(&bench, 1).give_back().await, Err(lost()));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
