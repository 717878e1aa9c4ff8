//! Writing what sessions did into the database.

use std::sync::Arc;

use kogents_domain::ids::SessionId;
use kogents_domain::session::{MockSessionCounters, SessionActivity, Unflushed};
use kogents_domain::store::Scope;
use kogents_testkit::fakes::AskedOfCounters::{self, Flushed};
use kogents_testkit::fakes::SequentialIds;
use kogents_usecases::session::{ActivityBook, FlushActivity, FlushActivityError};

use crate::support::{Bench, Noted, Slot, T0, activity, away, lost};

const BATCH: usize = 1_000;

fn flush_activity(bench: &Bench) -> FlushActivity {
    FlushActivity {
        book: bench.book(),
        store: bench.store(),
        clock: bench.clock(),
    }
}

/// The counters of so many sessions, whose requests are so many each.
fn waiting(count: usize, requests: u64) -> Vec<Unflushed> {
    let unflushed = |n: usize| {
        let n = u64::try_from(n).unwrap();
        Unflushed {
            session_id: SessionId::from_uuid(SequentialIds::nth(requests * 10_000 + n)),
            activity: activity(requests, T0),
            revision: n,
        }
    };
    (1..=count).map(unflushed).collect()
}

type Totals = Vec<(SessionId, SessionActivity)>;

fn totals(unflushed: &[Unflushed]) -> Totals {
    let total = |unflushed: &Unflushed| (unflushed.session_id, unflushed.activity);
    unflushed.iter().map(total).collect()
}

/// The next unit of work writes totals, and is committed.
fn records(bench: &Bench, written: &Slot<Totals>) {
    let put = written.clone();
    bench.begins(Scope::System, |unit| {
        unit.sessions
            .expect_record_activity()
            .times(1)
            .returning(move |totals| {
                put.put(totals.to_vec());
                Ok(())
            });
    });
}

/// What was acknowledged.
fn flushed(asked: Vec<AskedOfCounters>) -> Vec<Vec<Unflushed>> {
    let flushed = |asked| match asked {
        Flushed(flushed) => Some(flushed),
        AskedOfCounters::Count { .. }
        | AskedOfCounters::Look(_)
        | AskedOfCounters::Unflushed(_)
        | AskedOfCounters::Waiting => None,
    };
    asked.into_iter().filter_map(flushed).collect()
}

#[tokio::test]
async fn where_nothing_waits_nothing_is_begun() {
    let bench = Bench::new();
    assert_eq!(flush_activity(&bench).run().await, Ok(0));
    assert_eq!(bench.journal.entries(), ["claim counts", "claim counts"]);
    let asked = [AskedOfCounters::Unflushed(FlushActivity::BATCH)];
    assert_eq!(bench.counters.asked(), asked);
    assert_eq!(bench.local_counters.asked(), asked);
    bench.finish();
}

#[tokio::test]
async fn what_this_process_counted_is_written_first_then_the_caches() {
    let bench = Bench::new();
    let (local, cached) = (waiting(2, 1), waiting(3, 2));
    bench.local_counters.wait(local.clone());
    bench.counters.wait(cached.clone());
    let written = Slot::new();
    records(&bench, &written);
    records(&bench, &written);

    assert_eq!(flush_activity(&bench).run().await, Ok(5));

    assert_eq!(written.all(), [totals(&local), totals(&cached)]);
    assert_eq!(flushed(bench.local_counters.asked()), [local]);
    assert_eq!(flushed(bench.counters.asked()), [cached]);
    // Acknowledged only when it is durable.
    let each = ["claim counts", "begin System", "commit", "settle counts"];
    assert_eq!(bench.journal.entries(), [each, each].concat());
    bench.finish();
}

#[tokio::test]
async fn batches_are_written_until_one_is_short() {
    for (waits, batches) in [
        (BATCH - 1, vec![BATCH - 1]),
        (BATCH, vec![BATCH]),
        (2 * BATCH + 1, vec![BATCH, BATCH, 1]),
    ] {
        let bench = Bench::new();
        let all = waiting(waits, 1);
        bench.counters.wait(all.clone());
        let written = Slot::new();
        for _ in &batches {
            records(&bench, &written);
        }

        let count = flush_activity(&bench).run().await;

        assert_eq!(count, Ok(u64::try_from(waits).unwrap()));
        let sizes: Vec<usize> = written.all().iter().map(Vec::len).collect();
        assert_eq!(sizes, batches);
        assert_eq!(written.all().concat(), totals(&all));
        assert_eq!(flushed(bench.counters.asked()).concat(), all);
        bench.finish();
    }
}

#[tokio::test]
async fn what_this_process_counted_is_written_also_when_the_cache_is_away() {
    let bench = Bench::new();
    let local = waiting(2, 1);
    bench.local_counters.wait(local.clone());
    bench.counters.go_away();
    let written = Slot::new();
    records(&bench, &written);

    let failed = flush_activity(&bench).run().await;

    assert_eq!(failed, Err(FlushActivityError::Cache(away())));
    assert_eq!(written.only(), totals(&local));
    assert_eq!(flushed(bench.local_counters.asked()), [local]);
    bench.finish();
}

#[tokio::test]
async fn what_cannot_be_written_waits_again_at_once_and_the_cache_is_tried_all_the_same() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_record = Bench::new();
    no_record.begins(Scope::System, |unit| {
        unit.sessions
            .expect_record_activity()
            .return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.sessions
            .expect_record_activity()
            .return_once(|_| Ok(()));
    });
    for bench in [no_unit, no_record, no_commit] {
        let local = waiting(1, 1);
        bench.local_counters.wait(local.clone());
        // Under a revision that it had before, so that it is not taken for written.
        let earlier = |counters: &Unflushed| Unflushed {
            revision: counters.revision - 1,
            ..*counters
        };
        let unwritten: Vec<Unflushed> = local.iter().map(earlier).collect();
        let cached = waiting(1, 2);
        bench.counters.wait(cached.clone());
        let written = Slot::new();
        records(&bench, &written);

        let failed = flush_activity(&bench).run().await;

        assert_eq!(failed, Err(FlushActivityError::Store(lost())));
        assert_eq!(flushed(bench.local_counters.asked()), [unwritten]);
        assert_eq!(written.only(), totals(&cached));
        assert_eq!(flushed(bench.counters.asked()), [cached]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_batch_that_fails_leaves_those_before_it_written() {
    let bench = Bench::new();
    let all = waiting(BATCH + 1, 1);
    bench.counters.wait(all.clone());
    let written = Slot::new();
    records(&bench, &written);
    bench.begin_fails(lost());

    let failed = flush_activity(&bench).run().await;

    assert_eq!(failed, Err(FlushActivityError::Store(lost())));
    assert_eq!(written.only(), totals(&all[..BATCH]));
    let settled = flushed(bench.counters.asked());
    assert_eq!(settled.first(), Some(&all[..BATCH].to_vec()));
    let unwritten: Vec<u64> = settled[1].iter().map(|one| one.revision).collect();
    assert_eq!(unwritten, [all[BATCH].revision - 1]);
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_goes_away_after_the_commit_is_told_and_what_was_written_stays() {
    let bench = Bench::new();
    let mut counters = MockSessionCounters::new();
    counters
        .expect_unflushed()
        .times(1)
        .returning(|_, _| Ok(waiting(1, 1)));
    counters
        .expect_flushed()
        .times(1)
        .returning(|_, _| Err(away()));
    let written = Slot::new();
    records(&bench, &written);
    let flush = FlushActivity {
        book: Arc::new(ActivityBook {
            counters: Noted::new(&bench.journal, Arc::new(counters)),
            local: bench.local_counters.clone(),
        }),
        ..flush_activity(&bench)
    };

    assert_eq!(flush.run().await, Err(FlushActivityError::Cache(away())));

    assert_eq!(written.only(), totals(&waiting(1, 1)));
    assert_eq!(bench.journal.count("commit"), 1);
    bench.finish();
}
