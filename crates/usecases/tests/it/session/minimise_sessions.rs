//! Making the traces of sessions coarse.

use std::net::IpAddr;

use kogents_domain::session::{Coordinate, Traces};
use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use kogents_usecases::session::{MinimiseSessions, MinimiseSessionsError};
use mockall::Sequence;
use mockall::predicate::eq;

use crate::support::{Bench, T0, Units, lost, secs, session_id};

const AFTER: Span = secs(30 * 86_400);

fn minimise(bench: &Bench) -> MinimiseSessions {
    MinimiseSessions {
        store: bench.store(),
        after: AFTER,
        clock: bench.clock(),
    }
}

fn traces(number: u8) -> Traces {
    Traces {
        session_id: session_id(number),
        ip_address: IpAddr::from([203, 0, 113, number]),
        coordinate: Coordinate::new(50.937, 6.96).ok(),
        referrer_url: Some("https://search.example/?q=chat".to_owned()),
        landing_page: None,
    }
}

fn coarse(number: u8) -> Traces {
    Traces {
        session_id: session_id(number),
        ip_address: IpAddr::from([203, 0, 113, 0]),
        coordinate: Coordinate::new(50.9, 7.0).ok(),
        referrer_url: Some("https://search.example/".to_owned()),
        landing_page: None,
    }
}

fn lists(unit: &mut Units, order: &mut Sequence, traces: Vec<Traces>) {
    unit.session_upkeep
        .expect_list_traces()
        .with(eq(T0.minus(AFTER)), eq(MinimiseSessions::BATCH))
        .times(1)
        .in_sequence(order)
        .return_once(|_, _| Ok(traces));
}

/// Two sessions are listed and minimised, in one unit of work.
fn minimises(unit: &mut Units) {
    let mut order = Sequence::new();
    lists(unit, &mut order, vec![traces(1), traces(2)]);
    unit.session_upkeep
        .expect_minimise()
        .withf(|traces| *traces == [coarse(1), coarse(2)])
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
}

#[tokio::test]
async fn the_traces_of_sessions_that_ended_long_enough_ago_become_coarse() {
    let bench = Bench::new();
    bench.begins(Scope::System, minimises);

    assert_eq!(minimise(&bench).run().await, Ok(2));
    assert_eq!(bench.journal.entries(), ["begin System", "commit"]);
    bench.finish();
}

#[tokio::test]
async fn where_nothing_waits_nothing_is_written() {
    let bench = Bench::new();
    bench.begins(Scope::System, |unit| {
        lists(unit, &mut Sequence::new(), Vec::new());
    });

    assert_eq!(minimise(&bench).run().await, Ok(0));
    assert_eq!(bench.journal.entries(), ["begin System", "rollback"]);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_list = Bench::new();
    no_list.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_list_traces()
            .return_once(|_, _| Err(lost()));
    });
    let no_write = Bench::new();
    no_write.begins(Scope::System, |unit| {
        lists(unit, &mut Sequence::new(), vec![traces(1)]);
        unit.session_upkeep
            .expect_minimise()
            .return_once(|_| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::System, lost(), minimises);
    for bench in [no_unit, no_list, no_write, no_commit] {
        let failed = minimise(&bench).run().await;
        assert_eq!(failed, Err(MinimiseSessionsError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
