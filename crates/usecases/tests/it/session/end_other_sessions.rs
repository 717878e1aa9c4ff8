//! Ending all sessions but the current one.

use kogents_domain::audit::AuditTarget;
use kogents_domain::cache::CacheError;
use kogents_domain::session::{EndReason, MockSessionStates, Session, SessionEnd};
use kogents_domain::store::Scope;
use kogents_usecases::session::{EndOtherSessions, EndOtherSessionsError};
use mockall::Sequence;
use mockall::predicate::eq;
use serde_json::json;

use crate::support::{
    Bench, By, Heard, T0, ada, ada_id, caller, fenced_once, hears, lost, record, session_id,
    workspace_id,
};

fn end_others(bench: &Bench, states: MockSessionStates) -> EndOtherSessions {
    EndOtherSessions {
        store: bench.store(),
        gate: bench.gate(states),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

fn ended(number: u8) -> Session {
    let end = SessionEnd {
        at: T0,
        reason: EndReason::RevokedAll,
    };
    Session {
        end: Some(end),
        ..record(number, T0).session
    }
}

/// The person's row is locked first, then all sessions but the current one end, also one that had
/// timed out.
fn ends(bench: &Bench) -> Heard {
    bench.begins(Scope::Person(ada_id()), |unit| {
        let mut order = Sequence::new();
        unit.users
            .expect_find_for_update()
            .with(eq(ada_id()))
            .times(1)
            .in_sequence(&mut order)
            .returning(|_| Ok(Some(ada())));
        unit.sessions
            .expect_end_others()
            .with(
                eq(ada_id()),
                eq(Some(session_id(1))),
                eq(EndReason::RevokedAll),
                eq(T0),
            )
            .times(1)
            .in_sequence(&mut order)
            .returning(|_, _, _, _| {
                let mut timed_out = ended(4);
                timed_out.idle_expires_at = T0;
                Ok(vec![ended(2), ended(3), timed_out])
            });
        hears(unit)
    })
}

#[tokio::test]
async fn all_others_end_behind_one_fence_and_the_live_ones_are_counted() {
    let bench = Bench::new();
    let heard = ends(&bench);

    let ended = end_others(&bench, fenced_once(ada_id()))
        .run(caller())
        .await;

    assert_eq!(ended, Ok(2));
    let order = ["fence", "begin Person", "commit", "lift"];
    assert_eq!(bench.journal.entries(), order);
    let by = By::person(ada_id()).in_session(session_id(1));
    let by = by.in_log(workspace_id(1));
    let told = [2, 3, 4].map(|number| {
        let session = session_id(number);
        by.did(
            "session.ended",
            AuditTarget::from(session),
            json!({ "reason": "revoked_all" }),
        )
    });
    assert_eq!(heard.all(), told);
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_is_away_does_not_keep_them_alive() {
    let bench = Bench::new();
    ends(&bench);
    let mut states = MockSessionStates::new();
    states
        .expect_fence()
        .returning(|_, _| Err(CacheError::Unavailable("away".to_owned())));

    assert_eq!(end_others(&bench, states).run(caller()).await, Ok(2));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_ends_nothing_and_the_fence_is_lifted() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_end = Bench::new();
    no_end.begins(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find_for_update()
            .return_once(|_| Ok(Some(ada())));
        unit.sessions
            .expect_end_others()
            .return_once(|_, _, _, _| Err(lost()));
    });
    for bench in [no_unit, no_end] {
        let failed = end_others(&bench, fenced_once(ada_id()))
            .run(caller())
            .await;

        assert_eq!(failed, Err(EndOtherSessionsError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
