//! Opening sessions, by the door of opening a further one.

use std::sync::Arc;

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::User;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{
    Analytics, DeviceFingerprint, EndReason, MockSessionStates, Session, SessionActivity,
    SessionEnd, SessionRecord, SessionType,
};
use kogents_domain::store::{Scope, StoreError};
use kogents_testkit::fakes::AskedOfCounters::Look;
use kogents_usecases::session::{
    OpenSession, OpenSessionCommand, OpenSessionError, OpenedSession, SessionOpener,
};
use serde_json::json;

use crate::support::{
    Bench, By, LIFETIMES, T0, Units, activity, ada, ada_id, caller, client, client_ip, fenced_once,
    hears, lost, opens_after, prepares, prepares_for, record, secs, session_id, workspace_id,
};

/// As many live sessions as one person may have here.
const LIMIT: u32 = 2;

async fn open(bench: &Bench) -> Result<OpenedSession, OpenSessionError> {
    let opener = SessionOpener {
        session_limit: LIMIT,
        ..bench.opener_apart()
    };
    let open_session = OpenSession {
        opener: Arc::new(opener),
        store: bench.store(),
        minter: bench.minter(),
        gate: bench.gate(fenced_once(ada_id())),
        clock: bench.clock(),
    };
    open_session
        .run(OpenSessionCommand {
            caller: caller(),
            session_type: SessionType::Mobile,
            analytics: Analytics {
                utm_source: Some("newsletter".to_owned()),
                ..Analytics::default()
            },
            client: client(),
        })
        .await
}

/// Ada and the session that she opens another one from.
fn is_there(unit: &mut Units) {
    unit.users
        .expect_find_for_update()
        .return_once(|_| Ok(Some(ada())));
    unit.sessions
        .expect_find()
        .return_once(|_| Ok(Some(open_record(1).session)));
}

fn open_record(number: u8) -> SessionRecord {
    record(number, T0.minus(secs(60)))
}

/// The session opens; before older ones give way, this is written of what they did.
async fn opens_with(
    bench: &Bench,
    is_new_device: bool,
    unflushed: Vec<(SessionId, SessionActivity)>,
) -> SessionRecord {
    let kept = bench.begins(Scope::Person(ada_id()), |unit| {
        is_there(unit);
        opens_after(unit, is_new_device, unflushed, (Some(session_id(1)), LIMIT))
    });
    let opened = open(bench).await.unwrap();
    assert_eq!(opened.session, kept.only());
    bench.finish();
    opened.session
}

#[tokio::test]
async fn a_session_has_an_id_facts_and_a_first_refresh_token_of_its_own() {
    let bench = Bench::new();
    prepares(&bench, vec![open_record(1)]);

    let record = opens_with(&bench, true, Vec::new()).await;

    let session = record.session;
    assert_eq!((session.user_id, session.started_at), (ada_id(), T0));
    assert_eq!(session.session_type, SessionType::Mobile);
    let refresh = session.refresh;
    assert_eq!((refresh.generation, refresh.rotated_at), (0, T0));
    assert_eq!(refresh.digest, bench.minter().refresh_digest(session.id, 0));
    let idle_end = T0.plus(LIFETIMES.session_idle);
    assert_eq!(session.idle_expires_at, idle_end);
    assert_eq!(record.activity, SessionActivity::starting(T0));
    assert_eq!(record.facts.ip_address, client_ip());
    assert_eq!(
        record.facts.device_name.as_deref(),
        Some("Chrome on Android")
    );
    assert_eq!(record.facts.city.as_deref(), Some("K\u{F6}ln"));
    assert_eq!(record.facts.utm_source.as_deref(), Some("newsletter"));
}

#[tokio::test]
async fn whether_the_device_is_new_is_what_the_store_says_of_its_fingerprint() {
    for is_new_device in [true, false] {
        let bench = Bench::new();
        prepares(&bench, vec![open_record(1)]);

        // The fingerprint that is seen is that of the facts: see `opens_after`.
        let facts = opens_with(&bench, is_new_device, Vec::new()).await.facts;

        assert_eq!(facts.is_new_device, Some(is_new_device));
        let fingerprint = facts.device_fingerprint.unwrap();
        assert!(DeviceFingerprint::parse(&fingerprint).is_some());
    }
}

#[tokio::test]
async fn below_the_limit_nobody_is_asked_what_the_others_did() {
    let bench = Bench::new();
    prepares(&bench, vec![open_record(1)]);
    bench.counters.know(session_id(1), activity(9, T0));

    opens_with(&bench, false, Vec::new()).await;

    assert_eq!(bench.counters.asked(), []);
    assert_eq!(bench.local_counters.asked(), []);
}

#[tokio::test]
async fn at_the_limit_what_the_others_did_is_asked_in_one_call_and_written_before_one_gives_way() {
    let bench = Bench::new();
    let open = [1, 2, 3].map(open_record);
    prepares(&bench, open.to_vec());
    let (one, three) = (activity(9, T0), activity(4, T0.minus(secs(5))));
    bench.counters.know(session_id(1), one);
    bench.local_counters.know(session_id(3), three);

    // Nothing is known of the second that the database does not know.
    let unflushed = vec![(session_id(1), one), (session_id(3), three)];
    opens_with(&bench, false, unflushed).await;

    let looked = [Look([1, 2, 3].map(session_id).to_vec())];
    assert_eq!(bench.counters.asked(), looked);
    assert_eq!(bench.local_counters.asked(), looked);
    let order = ["read Person", "close", "look at counts", "begin Person"];
    let mut entries = bench.journal.only(&order);
    entries.dedup();
    assert_eq!(entries, order);
}

#[tokio::test]
async fn at_the_limit_with_nothing_new_to_write_the_store_decides_by_what_it_has() {
    let bench = Bench::new();
    prepares(&bench, [1, 2].map(open_record).to_vec());

    opens_with(&bench, false, Vec::new()).await;

    assert_eq!(bench.counters.asked().len(), 1);
}

#[tokio::test]
async fn with_the_cache_away_what_this_process_counted_is_written() {
    let bench = Bench::new();
    prepares(&bench, [1, 2].map(open_record).to_vec());
    bench.counters.go_away();
    bench.local_counters.know(session_id(2), activity(9, T0));

    let unflushed = vec![(session_id(2), activity(9, T0))];
    opens_with(&bench, false, unflushed).await;
}

#[tokio::test]
async fn a_store_that_cannot_be_read_stops_everything_before_a_fence() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_list = Bench::new();
    no_list.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_open()
            .return_once(|_, _| Err(lost()));
    });
    let no_user = Bench::new();
    no_user.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_open()
            .return_once(|_, _| Ok(Vec::new()));
        unit.users.expect_find().return_once(|_| Err(lost()));
    });
    let no_standing = Bench::new();
    let settled = User {
        created_at: T0.minus(secs(60)),
        ..ada()
    };
    prepares_for(&no_standing, settled, Vec::new(), |unit| {
        unit.memberships
            .expect_find_standing()
            .return_once(|_, _| Err(lost()));
    });
    for bench in [no_unit, no_list, no_user, no_standing] {
        let open_session = OpenSession {
            opener: bench.opener(),
            store: bench.store(),
            minter: bench.minter(),
            gate: bench.gate(MockSessionStates::new()),
            clock: bench.clock(),
        };
        let refused = open_session
            .run(OpenSessionCommand {
                caller: caller(),
                session_type: SessionType::Web,
                analytics: Analytics::default(),
                client: client(),
            })
            .await;
        assert_eq!(refused, Err(OpenSessionError::Store(lost())));
        assert_eq!(bench.journal.count("fence"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn whatever_fails_in_the_unit_nothing_of_it_stays() {
    let failed = || StoreError::Failed("the disk is full".to_owned());
    for step in 0..5 {
        let bench = Bench::new();
        prepares(&bench, [1, 2].map(open_record).to_vec());
        bench.counters.know(session_id(1), activity(9, T0));
        bench.begins(Scope::Person(ada_id()), |unit| {
            is_there(unit);
            let answer = move |at| if step == at { Err(failed()) } else { Ok(()) };
            unit.devices
                .expect_see()
                .returning(move |_, _, _| answer(0).map(|()| true));
            unit.sessions.expect_insert().returning(move |_| answer(1));
            unit.sessions
                .expect_record_activity()
                .returning(move |_| answer(2));
            unit.sessions
                .expect_end_surplus()
                .returning(move |_, _| answer(3).map(|()| Vec::new()));
            unit.audit.expect_append().returning(move |_| answer(4));
        });

        assert_eq!(open(&bench).await, Err(OpenSessionError::Store(failed())));
        let order = ["begin Person", "rollback"];
        assert_eq!(
            bench.journal.only(&["begin Person", "rollback", "commit"]),
            order
        );
        bench.finish();
    }
}

#[tokio::test]
async fn who_opens_a_session_is_told_and_which_gave_way_to_it_each_where_it_is() {
    let bench = Bench::new();
    prepares(&bench, [1, 2].map(open_record).to_vec());
    let replaced = Session {
        workspace_id: Some(workspace_id(2)),
        end: Some(SessionEnd {
            at: T0,
            reason: EndReason::Replaced,
        }),
        ..open_record(2).session
    };
    let heard = bench.begins(Scope::Person(ada_id()), |unit| {
        is_there(unit);
        unit.devices.expect_see().returning(|_, _, _| Ok(false));
        unit.sessions.expect_insert().returning(|_| Ok(()));
        unit.sessions
            .expect_end_surplus()
            .return_once(|_, _| Ok(vec![replaced]));
        hears(unit)
    });

    let opened = open(&bench).await.unwrap().session.session;

    // It is done in the session that asked for it.
    let by = By::person(ada_id()).in_session(session_id(1));
    let details = json!({ "type": "MOBILE", "by": "session" });
    let new = AuditTarget::from(opened.id);
    let old = AuditTarget::from(session_id(2));
    let told = [
        by.in_log(workspace_id(1))
            .did("session.opened", new, details),
        by.in_log(workspace_id(2))
            .did("session.ended", old, json!({ "reason": "replaced" })),
    ];
    assert_eq!(heard.all(), told);
    bench.finish();
}
