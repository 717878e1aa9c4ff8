//! Exchanging a refresh token.

use std::net::IpAddr;

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::{RefreshClaims, SpentTokens, User};
use kogents_domain::limits::LimitLedger;
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{
    ActivityCount, EndReason, MockSessionStates, RefreshState, Rotation, Session, SessionActivity,
    SessionEnd, SessionRecord,
};
use kogents_domain::store::Scope;
use kogents_domain::time::{Span, Timestamp};
use kogents_domain::workspace::Standing;
use kogents_testkit::fakes::AskedOfCounters::{self, Count, Look};
use kogents_usecases::auth::{Refresh, RefreshCommand, RefreshError};
use mockall::Sequence;
use mockall::predicate::eq;
use serde_json::json;

use crate::support::{
    Bench, By, GRACE, Heard, LIFETIMES, Slot, T0, Units, activity, ada, ada_id, address, bob_id,
    client_ip, fenced_once, hears, idle_record, language, lost, record, secs, session_id, standing,
    workspace, workspace_id,
};

/// The session was opened an hour ago.
fn started() -> Timestamp {
    T0.minus(secs(3_600))
}

fn refresh(bench: &Bench, states: MockSessionStates) -> Refresh {
    Refresh {
        limits: bench.limits(),
        store: bench.store(),
        tokens: bench.refresh(),
        minter: bench.minter(),
        book: bench.book(),
        gate: bench.gate(states),
        mail: bench.desk(),
        signal: bench.signal(),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

/// The session with this many rotations behind it, the last of them at these moments.
fn rotated(bench: &Bench, generation: u32, spent: &[Timestamp]) -> Session {
    let session = record(1, started()).session;
    Session {
        refresh: RefreshState {
            generation,
            digest: bench.minter().refresh_digest(session.id, generation),
            rotated_at: spent.last().copied().unwrap_or(started()),
            spent: SpentTokens::from_times(spent.to_vec()),
        },
        ..session
    }
}

/// The refresh token of one generation of the session.
fn token(bench: &Bench, generation: u32) -> SecretText {
    let session = session_id(1);
    bench.refresh().mint(&RefreshClaims {
        user_id: ada_id(),
        session_id: session,
        generation,
        token_id: bench.digester().refresh_token_id(session, generation),
        issued_at: started(),
        expires_at: T0.plus(secs(60)),
    })
}

fn command(token: SecretText) -> RefreshCommand {
    RefreshCommand {
        token,
        ip_address: client_ip(),
        ledger: LimitLedger::default(),
    }
}

/// The session's counters as the database has them.
fn stored() -> SessionActivity {
    activity(7, started())
}

/// The store rotates nothing, and says what it has.
fn finds(unit: &mut Units, found: Option<Session>) {
    finds_with_activity(unit, found.map(|session| (session, stored())));
}

fn finds_with_activity(unit: &mut Units, found: Option<(Session, SessionActivity)>) {
    unit.sessions
        .expect_rotate()
        .times(1)
        .returning(|_| Ok(None));
    unit.sessions
        .expect_find_with_activity()
        .with(eq(ada_id()), eq(session_id(1)))
        .times(1)
        .return_once(|_, _| Ok(found));
}

/// The store rotates the session to this, and then says what it has of its counters.
fn rotates(unit: &mut Units, after: Session, activity: Option<SessionActivity>) {
    let mut order = Sequence::new();
    let expected = Rotation {
        session_id: session_id(1),
        generation: 3,
        digest: Bench::new().minter().refresh_digest(session_id(1), 3),
        next_digest: Bench::new().minter().refresh_digest(session_id(1), 4),
        now: T0,
        grace: GRACE,
        session_idle: LIFETIMES.session_idle,
    };
    unit.sessions
        .expect_rotate()
        .withf(move |rotation| *rotation == expected)
        .times(1)
        .in_sequence(&mut order)
        .return_once(|_| Ok(Some(after)));
    unit.sessions
        .expect_find_activity()
        .with(eq(session_id(1)))
        .times(1)
        .in_sequence(&mut order)
        .return_once(move |_| Ok(activity));
}

/// One sign of life, which adds nothing to what the database has.
fn counted_on(base: SessionActivity) -> [AskedOfCounters; 1] {
    [Count {
        session: session_id(1),
        base: Some(base),
        counted: ActivityCount::NOTHING,
        now: T0,
    }]
}

#[tokio::test]
async fn a_current_token_is_rotated_in_one_step() {
    let bench = Bench::new();
    let after = rotated(&bench, 4, &[T0]);
    let answer = after.clone();
    bench.begins(Scope::Person(ada_id()), |unit| {
        rotates(unit, answer, Some(stored()));
    });

    let pair = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await
        .unwrap();

    assert_eq!(pair.refresh, bench.minter().pair(&after, T0).refresh);
    let claims = bench.refresh().read(pair.refresh.expose(), T0).unwrap();
    assert_eq!((claims.session_id, claims.generation), (session_id(1), 4));
    // A sign of life is counted when the rotation is durable.
    assert_eq!(bench.counters.asked(), counted_on(stored()));
    assert_eq!(bench.local_counters.asked(), []);
    let order = ["begin Person", "commit", "count", "mint access"];
    assert_eq!(bench.journal.only(&order)[..4], order);
    bench.finish();
}

#[tokio::test]
async fn a_session_whose_counters_are_gone_is_counted_from_its_beginning() {
    let bench = Bench::new();
    let after = rotated(&bench, 4, &[T0]);
    bench.begins(Scope::Person(ada_id()), |unit| rotates(unit, after, None));

    let pair = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await;

    assert!(pair.is_ok());
    let beginning = SessionActivity::starting(started());
    assert_eq!(bench.counters.asked(), counted_on(beginning));
    bench.finish();
}

#[tokio::test]
async fn while_the_cache_is_away_this_process_counts_the_sign_of_life() {
    let bench = Bench::new();
    let after = rotated(&bench, 4, &[T0]);
    bench.begins(Scope::Person(ada_id()), |unit| {
        rotates(unit, after, Some(stored()));
    });
    bench.counters.go_away();

    let pair = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await;

    assert!(pair.is_ok());
    assert_eq!(bench.local_counters.asked(), counted_on(stored()));
    bench.finish();
}

#[tokio::test]
async fn s17_a_token_spent_within_the_grace_gives_the_current_token_to_the_byte() {
    let bench = Bench::new();
    // Two rotations: the token of generation 3 was spent first, 20 seconds ago.
    let now = rotated(&bench, 5, &[T0.minus(secs(20)), T0.minus(secs(1))]);
    let found = now.clone();
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));

    let pair = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await
        .unwrap();

    assert_eq!(pair.refresh, bench.minter().pair(&now, T0).refresh);
    assert_eq!(bench.counters.counted(), counted_on(stored()));
    assert_eq!(bench.journal.count("commit"), 0);
    assert_eq!(bench.journal.count("fence"), 0);
    bench.finish();
}

/// The session of which the database has heard nothing for so long that it is over, after this
/// many rotations.
fn idle(bench: &Bench, generation: u32, spent: &[Timestamp]) -> (Session, SessionActivity) {
    let idle = idle_record(1);
    let session = Session {
        refresh: rotated(bench, generation, spent).refresh,
        ..idle.session
    };
    (session, idle.activity)
}

/// The idle end is moved by what was heard at a moment.
fn moves(unit: &mut Units, heard_at: Timestamp) {
    let moved = [(session_id(1), heard_at.plus(LIFETIMES.session_idle))];
    unit.session_upkeep
        .expect_move_idle_ends()
        .withf(move |given| *given == moved)
        .times(1)
        .returning(|_| Ok(()));
}

#[tokio::test]
async fn a_session_that_lives_by_what_the_cache_has_heard_is_rotated_all_the_same() {
    for is_away in [false, true] {
        let bench = Bench::new();
        let found = idle(&bench, 3, &[]);
        let heard_at = T0.minus(secs(60));
        if is_away {
            bench.counters.go_away();
            bench
                .local_counters
                .know(session_id(1), activity(9, heard_at));
        } else {
            bench.counters.know(session_id(1), activity(9, heard_at));
        }
        bench.begins(Scope::Person(ada_id()), |unit| {
            finds_with_activity(unit, Some(found));
        });
        bench.begins(Scope::System, |unit| moves(unit, heard_at));
        let after = rotated(&bench, 4, &[T0]);
        let answer = after.clone();
        bench.begins(Scope::Person(ada_id()), |unit| {
            rotates(unit, answer, Some(stored()));
        });

        let pair = refresh(&bench, MockSessionStates::new())
            .run(command(token(&bench, 3)))
            .await
            .unwrap();

        assert_eq!(pair.refresh, bench.minter().pair(&after, T0).refresh);
        let counters = if is_away {
            &bench.local_counters
        } else {
            &bench.counters
        };
        assert_eq!(counters.counted(), counted_on(stored()));
        let order = [
            "begin Person",
            "rollback",
            "look at counts",
            "begin System",
            "commit",
            "begin Person",
            "commit",
            "count",
        ];
        let mut entries = bench.journal.only(&order);
        entries.dedup();
        assert_eq!(entries, order);
        bench.finish();
    }
}

#[tokio::test]
async fn what_the_database_heard_after_the_row_was_written_revives_it_too() {
    let bench = Bench::new();
    let heard_at = T0.minus(secs(60));
    let (session, _) = idle(&bench, 3, &[]);
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds_with_activity(unit, Some((session, activity(9, heard_at))));
    });
    bench.begins(Scope::System, |unit| moves(unit, heard_at));
    let after = rotated(&bench, 4, &[T0]);
    bench.begins(Scope::Person(ada_id()), |unit| {
        rotates(unit, after, Some(stored()));
    });

    let pair = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await;

    assert!(pair.is_ok());
    bench.finish();
}

#[tokio::test]
async fn of_a_revived_session_the_loser_of_a_race_gets_the_current_token() {
    let bench = Bench::new();
    let found = idle(&bench, 3, &[]);
    let heard_at = T0.minus(secs(60));
    bench.counters.know(session_id(1), activity(9, heard_at));
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds_with_activity(unit, Some(found));
    });
    bench.begins(Scope::System, |unit| moves(unit, heard_at));
    let winners = rotated(&Bench::new(), 4, &[T0]);
    let current = bench.minter().pair(&winners, T0).refresh;
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds(unit, Some(winners));
    });

    let tokens = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await
        .unwrap();

    assert_eq!(tokens.refresh, current);
    bench.finish();
}

#[tokio::test]
async fn a_revived_session_that_somebody_else_ended_first_is_refused() {
    let bench = Bench::new();
    let found = idle(&bench, 3, &[]);
    let heard_at = T0.minus(secs(60));
    bench.counters.know(session_id(1), activity(9, heard_at));
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds_with_activity(unit, Some(found));
    });
    bench.begins(Scope::System, |unit| moves(unit, heard_at));
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds_with_activity(unit, None);
    });

    let refused = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await;

    assert_eq!(refused, Err(RefreshError::Invalid));
    assert_eq!(bench.counters.counted(), []);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_cannot_be_revived_in_the_store_is_a_failure() {
    let heard_at = T0.minus(secs(60));
    let bench = || {
        let bench = Bench::new();
        let found = idle(&bench, 3, &[]);
        bench.counters.know(session_id(1), activity(9, heard_at));
        bench.begins(Scope::Person(ada_id()), |unit| {
            finds_with_activity(unit, Some(found));
        });
        bench
    };
    let no_unit = bench();
    no_unit.begin_fails(lost());
    let no_move = bench();
    no_move.begins(Scope::System, |unit| {
        unit.session_upkeep
            .expect_move_idle_ends()
            .return_once(|_| Err(lost()));
    });
    let no_commit = bench();
    no_commit.fails_to_commit(Scope::System, lost(), |unit| moves(unit, heard_at));
    for bench in [no_unit, no_move, no_commit] {
        let refused = refresh(&bench, MockSessionStates::new())
            .run(command(token(&bench, 3)))
            .await;

        assert_eq!(refused, Err(RefreshError::Store(lost())));
        assert_eq!(bench.counters.counted(), []);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn s17_the_grace_holds_for_a_session_that_lives_by_what_the_cache_has_heard() {
    let bench = Bench::new();
    let found = idle(&bench, 4, &[T0.minus(secs(1))]);
    let now = found.0.clone();
    bench.counters.know(session_id(1), activity(9, T0));
    bench.begins(Scope::Person(ada_id()), |unit| {
        finds_with_activity(unit, Some(found));
    });

    let pair = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 3)))
        .await
        .unwrap();

    assert_eq!(pair.refresh, bench.minter().pair(&now, T0).refresh);
    bench.finish();
}

/// The session after a rotation longer ago than the grace.
fn long_rotated(bench: &Bench) -> Session {
    rotated(bench, 1, &[T0.minus(GRACE)])
}

/// The store is asked whom to tell.
fn tells(bench: &Bench, user: Option<User>, device: Option<&str>) {
    let mut known = record(1, started());
    known.facts.device_name = device.map(str::to_owned);
    known.facts.language = Some(language("it"));
    tells_of(bench, user, Some(known), standing(1));
}

/// The store is asked whom to tell of this session, and where they are.
fn tells_of(bench: &Bench, user: Option<User>, known: Option<SessionRecord>, standing: Standing) {
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find()
            .with(eq(ada_id()))
            .return_once(|_| Ok(user));
        unit.sessions
            .expect_find_record()
            .with(eq(ada_id()), eq(session_id(1)))
            .return_once(|_, _| Ok(known));
        unit.memberships
            .expect_find_standing()
            .with(eq(ada_id()), eq(Some(workspace_id(1))))
            .return_once(|_, _| Ok(Some(standing)));
    });
}

/// The session is ended as stolen, by this call or by one before it.
fn ends(unit: &mut Units, ended: Option<Session>) -> Option<Heard> {
    let heard = ended.is_some().then(|| hears(unit));
    unit.sessions
        .expect_end()
        .with(eq(session_id(1)), eq(EndReason::RefreshTokenReused), eq(T0))
        .times(1)
        .return_once(|_, _, _| Ok(ended));
    heard
}

fn queues(unit: &mut Units) -> Slot<MailJob> {
    let queued = Slot::new();
    let put = queued.clone();
    unit.outbox.expect_enqueue().times(1).returning(move |job| {
        put.put(job.clone());
        Ok(true)
    });
    queued
}

#[tokio::test]
async fn s17_a_token_spent_before_the_grace_ends_the_session_and_the_owner_is_mailed() {
    let bench = Bench::new();
    let session = long_rotated(&bench);
    let (found, mut ended) = (session.clone(), session);
    ended.end = Some(SessionEnd {
        at: T0,
        reason: EndReason::RefreshTokenReused,
    });
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));
    tells(&bench, Some(ada()), Some("Firefox on Linux"));
    let (heard, queued) = bench.begins(Scope::Person(ada_id()), |unit| {
        (ends(unit, Some(ended)), queues(unit))
    });

    let refused = refresh(&bench, fenced_once(ada_id()))
        .run(command(token(&bench, 0)))
        .await;

    assert_eq!(refused, Err(RefreshError::Reused));
    assert_eq!(bench.counters.asked(), [Look(vec![session_id(1)])]);
    let job = queued.only();
    assert_eq!(job.recipient, address("ada@example.com"));
    let workspace = workspace(1);
    assert_eq!(
        bench.letter(&job),
        Letter {
            brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
            message: MailMessage::RefreshTokenReused {
                name: "Ada".to_owned(),
                device: Some("Firefox on Linux".to_owned()),
                ip_address: client_ip().to_string(),
                at: T0,
            },
        }
    );
    let order = [
        "take limits",
        "begin Person",
        "rollback",
        "look at counts",
        "look at counts",
        "read Person",
        "close",
        "seal",
        "fence",
        "begin Person",
        "commit",
        "lift",
        "wake",
    ];
    let mut entries = bench.journal.entries();
    entries.retain(|entry| entry != "mint refresh" && entry != "open");
    assert_eq!(entries, order);
    // Who has the token is not known.
    let by = By::client().in_log(workspace_id(1));
    let session = AuditTarget::from(session_id(1));
    let reason = json!({ "reason": "refresh_token_reused" });
    let told = by.did("session.ended", session, reason);
    assert_eq!(heard.unwrap().all(), [told]);
    bench.finish();
}

#[tokio::test]
async fn the_owner_of_a_stolen_session_is_written_to_in_a_language_of_theirs() {
    // The person's, else their workspace's, else the one that their session was opened in.
    for (own, theirs, opened_in, written) in [
        (Some("fr"), Some("de"), Some("it"), "fr"),
        (None, Some("de"), Some("it"), "de"),
        (None, None, Some("it"), "it"),
        (None, None, None, "en"),
    ] {
        let bench = Bench::new();
        let session = long_rotated(&bench);
        let (found, ended) = (session.clone(), session);
        bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));
        let user = User {
            language: own.map(language),
            ..ada()
        };
        let mut known = record(1, started());
        known.facts.language = opened_in.map(language);
        let mut standing = standing(1);
        standing.workspace.language = theirs.map(language);
        tells_of(&bench, Some(user), Some(known), standing);
        let queued = bench.begins(Scope::Person(ada_id()), |unit| {
            ends(unit, Some(ended));
            queues(unit)
        });

        let refused = refresh(&bench, fenced_once(ada_id()))
            .run(command(token(&bench, 0)))
            .await;

        assert_eq!(refused, Err(RefreshError::Reused));
        assert_eq!(queued.only().language, language(written));
        bench.finish();
    }
}

#[tokio::test]
async fn only_who_ended_the_stolen_session_writes_the_mail() {
    let bench = Bench::new();
    let found = long_rotated(&bench);
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));
    tells(&bench, Some(ada()), None);
    bench.begins(Scope::Person(ada_id()), |unit| {
        ends(unit, None);
        unit.outbox.expect_enqueue().never();
    });

    let refused = refresh(&bench, fenced_once(ada_id()))
        .run(command(token(&bench, 0)))
        .await;

    assert_eq!(refused, Err(RefreshError::Reused));
    bench.finish();
}

#[tokio::test]
async fn a_stolen_session_ends_also_when_nobody_is_there_to_be_told() {
    let bench = Bench::new();
    let session = long_rotated(&bench);
    let (found, ended) = (session.clone(), session);
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));
    tells(&bench, None, None);
    bench.begins(Scope::Person(ada_id()), |unit| ends(unit, Some(ended)));

    let refused = refresh(&bench, fenced_once(ada_id()))
        .run(command(token(&bench, 0)))
        .await;

    assert_eq!(refused, Err(RefreshError::Reused));
    assert_eq!(bench.journal.count("commit"), 1);
    bench.finish();
}

#[tokio::test]
async fn a_theft_that_cannot_be_written_down_is_a_failure_and_the_fence_is_lifted() {
    let bench = Bench::new();
    let found = long_rotated(&bench);
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));
    tells(&bench, Some(ada()), None);
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_end()
            .return_once(|_, _, _| Err(lost()));
    });

    let refused = refresh(&bench, fenced_once(ada_id()))
        .run(command(token(&bench, 0)))
        .await;

    assert_eq!(refused, Err(RefreshError::Store(lost())));
    assert_eq!(bench.journal.entries().last().unwrap(), "lift");
    assert_eq!(bench.signal.count(), 0);
    bench.finish();
}

#[tokio::test]
async fn more_rotations_within_the_grace_than_can_be_remembered_have_to_wait() {
    let bench = Bench::new();
    let oldest = T0.minus(secs(29));
    let spent: Vec<Timestamp> = (0..32).map(|n| oldest.plus(Span::from_millis(n))).collect();
    let found = rotated(&bench, 32, &spent);
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));

    let refused = refresh(&bench, MockSessionStates::new())
        .run(command(token(&bench, 32)))
        .await;

    let wait = oldest.plus(GRACE).since(T0);
    assert_eq!(refused, Err(RefreshError::TooOften { wait }));
    assert_eq!(bench.counters.counted(), []);
    bench.finish();
}

#[tokio::test]
async fn ended_expired_unknown_and_foreign_sessions_are_one_refusal() {
    let bench = Bench::new();
    let live = rotated(&bench, 1, &[T0.minus(secs(1))]);
    let ended = Session {
        end: Some(SessionEnd {
            at: T0.minus(secs(1)),
            reason: EndReason::Logout,
        }),
        ..live.clone()
    };
    let over = Session {
        absolute_expires_at: T0,
        ..live.clone()
    };
    let foreign = Session {
        user_id: bob_id(),
        ..live
    };
    let with_activity = |session| Some((session, stored()));
    for found in [
        with_activity(ended),
        Some(idle(&bench, 1, &[T0.minus(secs(1))])),
        Some(idle(&bench, 0, &[])),
        with_activity(over),
        with_activity(foreign),
        None,
    ] {
        let bench = Bench::new();
        bench.begins(Scope::Person(ada_id()), |unit| {
            finds_with_activity(unit, found);
        });

        let refused = refresh(&bench, MockSessionStates::new())
            .run(command(token(&bench, 0)))
            .await;

        assert_eq!(refused, Err(RefreshError::Invalid));
        assert_eq!(bench.journal.count("fence"), 0);
        assert_eq!(bench.counters.counted(), []);
        bench.finish();
    }
}

#[tokio::test]
async fn a_generation_that_is_yet_to_come_or_whose_digest_is_another_is_refused_and_ends_nothing() {
    for presented in [6, 5] {
        let bench = Bench::new();
        let found = rotated(&bench, 5, &[T0.minus(secs(1))]);
        bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));

        let refused = refresh(&bench, MockSessionStates::new())
            .run(command(token(&bench, presented)))
            .await;

        assert_eq!(refused, Err(RefreshError::Invalid));
        assert_eq!(bench.journal.count("fence"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn s15_what_is_no_current_refresh_token_never_reaches_the_store() {
    let bench = Bench::new();
    let expired = token(&bench, 0);
    let last = token(&bench, u32::MAX);
    let access = bench.minter().pair(&record(1, T0).session, T0).access;
    let refused = refresh(&bench, MockSessionStates::new());
    for text in [SecretText::new("forged"), access, last] {
        assert_eq!(refused.run(command(text)).await, Err(RefreshError::Invalid));
    }
    bench.clock.set(T0.plus(secs(60)));
    assert_eq!(
        refused.run(command(expired)).await,
        Err(RefreshError::Invalid)
    );
    assert_eq!(bench.journal.count("begin Person"), 0);
    bench.finish();
}

#[tokio::test]
async fn the_mail_names_the_address_that_the_reused_token_came_from() {
    let bench = Bench::new();
    let session = long_rotated(&bench);
    let (found, ended) = (session.clone(), session);
    bench.begins(Scope::Person(ada_id()), |unit| finds(unit, Some(found)));
    tells(&bench, Some(ada()), None);
    let queued = bench.begins(Scope::Person(ada_id()), |unit| {
        ends(unit, Some(ended));
        queues(unit)
    });
    let from: IpAddr = "2001:db8::1".parse().unwrap();

    let refused = refresh(&bench, fenced_once(ada_id()))
        .run(RefreshCommand {
            token: token(&bench, 0),
            ip_address: from,
            ledger: LimitLedger::default(),
        })
        .await;

    assert_eq!(refused, Err(RefreshError::Reused));
    let MailMessage::RefreshTokenReused { ip_address, .. } = bench.message(&queued.only()) else {
        panic!("another mail was queued");
    };
    assert_eq!(ip_address, "2001:db8::1");
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_gives_no_tokens() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_rotation = Bench::new();
    no_rotation.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions.expect_rotate().return_once(|_| Err(lost()));
    });
    let no_activity = Bench::new();
    let after = rotated(&no_activity, 4, &[T0]);
    no_activity.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_rotate()
            .return_once(|_| Ok(Some(after)));
        unit.sessions
            .expect_find_activity()
            .return_once(|_| Err(lost()));
    });
    let no_session = Bench::new();
    no_session.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions.expect_rotate().return_once(|_| Ok(None));
        unit.sessions
            .expect_find_with_activity()
            .return_once(|_, _| Err(lost()));
    });
    let no_commit = Bench::new();
    let after = rotated(&no_commit, 4, &[T0]);
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        rotates(unit, after, Some(stored()));
    });

    for bench in [no_unit, no_rotation, no_activity, no_session, no_commit] {
        let refused = refresh(&bench, MockSessionStates::new())
            .run(command(token(&bench, 3)))
            .await;

        assert_eq!(refused, Err(RefreshError::Store(lost())));
        assert_eq!(bench.counters.asked(), []);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}
