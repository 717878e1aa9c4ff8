//! What an operator does to a person, and how servers with a cache of their own hear of it.

use std::sync::{Arc, Mutex};

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::User;
use kogents_domain::ids::NoticeId;
use kogents_domain::limits::MockRateLimiter;
use kogents_domain::notice::{Notice, NoticeKind};
use kogents_domain::session::{EndReason, Fence, MockSessionStates};
use kogents_domain::signup::MockPendingSignups;
use kogents_domain::store::Scope;
use kogents_domain::time::Span;
use kogents_usecases::auth::{
    AccountCounts, HeedNotices, SuspendPerson, SuspendPersonError, UnlockPerson, UnlockPersonError,
    Whom,
};
use mockall::predicate::eq;
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    Bench, By, T0, Units, ada, ada_id, away, fenced_once, hears, lost, record, session_id,
    workspace_id,
};

fn suspend(bench: &Bench, states: MockSessionStates) -> SuspendPerson {
    SuspendPerson {
        store: bench.store(),
        gate: bench.gate(states),
        audit: bench.audit(),
        ids: bench.ids(),
        clock: bench.clock(),
    }
}

/// Counts of which those of Ada's account are forgotten so often.
fn counts(bench: &Bench, times: usize) -> Arc<AccountCounts> {
    let address = bench.digester().address(&ada().email);
    let mut limiter = MockRateLimiter::new();
    limiter
        .expect_forget()
        .with(eq(address), eq(ada_id()))
        .times(times)
        .returning(|_, _| Ok(()));
    let mut pending = MockPendingSignups::new();
    pending
        .expect_forget_guesses()
        .with(eq(address))
        .times(times)
        .returning(|_| Ok(()));
    Arc::new(AccountCounts {
        limiter: Arc::new(limiter),
        pending: Arc::new(pending),
        digester: bench.digester(),
    })
}

fn finds(bench: &Bench, found: Option<User>) {
    bench.reads(Scope::System, |unit| {
        unit.users
            .expect_find()
            .with(eq(ada_id()))
            .return_once(|_| Ok(found));
    });
}

fn in_no_workspace(unit: &mut Units) {
    unit.memberships
        .expect_list_all_of_person()
        .with(eq(ada_id()))
        .return_once(|_| Ok(Vec::new()));
}

fn posts(unit: &mut Units, kind: NoticeKind) {
    unit.notices
        .expect_post()
        .withf(move |notice| (notice.kind, notice.user_id, notice.at) == (kind, ada_id(), T0))
        .times(1)
        .returning(|_| Ok(()));
}

fn suspended() -> User {
    User {
        suspended_at: Some(T0),
        ..ada()
    }
}

#[tokio::test]
async fn a_suspension_ends_sessions_behind_a_fence_and_is_posted_and_told_with_it() {
    let bench = Bench::new();
    finds(&bench, Some(ada()));
    let heard = bench.begins(Scope::System, |unit| {
        unit.users
            .expect_find_for_update()
            .with(eq(ada_id()))
            .return_once(|_| Ok(Some(ada())));
        unit.users
            .expect_set_suspended()
            .with(eq(ada_id()), eq(Some(T0)), eq(T0))
            .times(1)
            .returning(|_, _, _| Ok(()));
        in_no_workspace(unit);
        unit.sessions
            .expect_end_others()
            .with(eq(ada_id()), eq(None), eq(EndReason::Suspended), eq(T0))
            .return_once(|_, _, _, _| Ok(vec![record(2, T0).session]));
        posts(unit, NoticeKind::Sessions);
        hears(unit)
    });

    let done = suspend(&bench, fenced_once(ada_id()))
        .run(&Whom::Id(ada_id()))
        .await;

    let done = done.unwrap();
    assert_eq!((done.was_already, done.ended), (false, 1));
    let order = ["read System", "fence", "begin System", "commit", "lift"];
    assert_eq!(bench.journal.only(&order), order);
    let told = By::NOBODY.did("person.suspended", AuditTarget::from(ada_id()), json!({}));
    let ended = By::NOBODY.in_log(workspace_id(1)).did(
        "session.ended",
        AuditTarget::from(session_id(2)),
        json!({}),
    );
    assert_eq!(heard.all(), [told, ended]);
    bench.finish();
}

#[tokio::test]
async fn nobody_is_suspended_who_is_not_there_or_when_the_store_fails() {
    let bench = Bench::new();
    finds(&bench, None);
    let states = MockSessionStates::new();
    let refused = suspend(&bench, states).run(&Whom::Id(ada_id())).await;
    assert_eq!(refused, Err(SuspendPersonError::NotFound));

    let bench = Bench::new();
    finds(&bench, Some(ada()));
    bench.begin_fails(lost());
    let refused = suspend(&bench, fenced_once(ada_id()))
        .run(&Whom::Id(ada_id()))
        .await;
    assert_eq!(refused, Err(SuspendPersonError::Store(lost())));
    bench.finish();
}

#[tokio::test]
async fn unlocking_lifts_the_suspension_first_and_says_what_was_not_forgotten() {
    for fails in [false, true] {
        let bench = Bench::new();
        finds(&bench, Some(suspended()));
        bench.begins(Scope::System, |unit| {
            unit.users
                .expect_find_for_update()
                .return_once(|_| Ok(Some(suspended())));
            unit.users
                .expect_set_suspended()
                .with(eq(ada_id()), eq(None), eq(T0))
                .times(1)
                .returning(|_, _, _| Ok(()));
            in_no_workspace(unit);
            posts(unit, NoticeKind::Counts);
            hears(unit)
        });
        let counts = if fails {
            let mut limiter = MockRateLimiter::new();
            limiter.expect_forget().returning(|_, _| Err(away()));
            Arc::new(AccountCounts {
                limiter: Arc::new(limiter),
                pending: Arc::new(MockPendingSignups::new()),
                digester: bench.digester(),
            })
        } else {
            counts(&bench, 1)
        };
        let unlock = UnlockPerson {
            store: bench.store(),
            counts,
            audit: bench.audit(),
            ids: bench.ids(),
            clock: bench.clock(),
        };
        let done = unlock.run(&Whom::Id(ada_id())).await;
        match fails {
            false => assert!(done.unwrap().was_suspended),
            true => assert_eq!(done, Err(UnlockPersonError::Cache(away()))),
        }
        assert_eq!(bench.journal.count("commit"), 1);
        bench.finish();
    }
}

#[tokio::test]
async fn each_notice_is_heeded_once_and_one_that_failed_again() {
    let notice = |number: u128, kind| Notice {
        id: NoticeId::from_uuid(Uuid::from_u128(number)),
        kind,
        user_id: ada_id(),
        at: T0,
    };
    let both = [
        notice(2, NoticeKind::Counts),
        notice(1, NoticeKind::Sessions),
    ];
    let bench = Bench::new();
    let lists = |notices: Vec<Notice>| {
        bench.reads(Scope::System, |unit| {
            unit.notices
                .expect_newest()
                .with(eq(HeedNotices::MOST))
                .return_once(|_| Ok(notices));
        });
    };
    let mut states = MockSessionStates::new();
    states
        .expect_fence()
        .with(eq(ada_id()), eq(bench.clock().now()))
        .times(1)
        .returning(|_, _| Ok(Fence(3)));
    states.expect_lift().times(1).returning(|_, _, _| Ok(()));
    let heed = HeedNotices {
        store: bench.store(),
        gate: bench.gate(states),
        counts: counts(&bench, 1),
        clock: bench.clock(),
        since: bench.clock().now().minus(Span::from_secs(60)),
        heeded: Mutex::default(),
    };
    // The person cannot be read: nothing is taken for heeded.
    lists(both.to_vec());
    bench.read_fails(lost());
    assert!(heed.run().await.is_err());
    lists(both.to_vec());
    finds(&bench, Some(ada()));
    assert_eq!(heed.run().await, Ok(2));
    lists(both.to_vec());
    assert_eq!(heed.run().await, Ok(0));
    assert!(Notice::KEPT > Span::from_secs(3_600));
    bench.finish();
}
