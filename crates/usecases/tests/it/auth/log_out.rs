//! Signing out.

use kogents_domain::audit::{AuditEntry, AuditTarget};
use kogents_domain::auth::{AccessClaims, RefreshClaims};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{EndReason, Fence, MockSessionStates, Session, SessionEnd};
use kogents_domain::store::Scope;
use kogents_usecases::auth::{LogOut, LogOutCommand, LogOutError};
use mockall::predicate::eq;
use serde_json::json;

use crate::support::{
    Bench, By, Heard, T0, ada_id, bob_id, client_ip, fenced_once, hears, lost, record, secs,
    session_id, workspace_id,
};

fn log_out(bench: &Bench, states: MockSessionStates) -> LogOut {
    LogOut {
        store: bench.store(),
        access_tokens: bench.access(),
        refresh_tokens: bench.refresh(),
        gate: bench.gate(states),
        audit: bench.audit(),
        clock: bench.clock(),
    }
}

fn access(bench: &Bench, user_id: UserId, session_id: SessionId) -> Option<SecretText> {
    Some(bench.access().mint(&AccessClaims {
        user_id,
        session_id,
        workspace_id: Some(workspace_id(1)),
        issued_at: T0,
        expires_at: T0.plus(secs(900)),
    }))
}

fn refresh(bench: &Bench, user_id: UserId, session_id: SessionId) -> Option<SecretText> {
    Some(bench.refresh().mint(&RefreshClaims {
        user_id,
        session_id,
        generation: 3,
        token_id: Digest::from_bytes([3; 32]),
        issued_at: T0,
        expires_at: T0.plus(secs(9_000)),
    }))
}

fn ended(id: SessionId) -> Session {
    let end = SessionEnd {
        at: T0,
        reason: EndReason::Logout,
    };
    Session {
        id,
        end: Some(end),
        ..record(1, T0).session
    }
}

fn ends(bench: &Bench, user: UserId, session: SessionId) -> Heard {
    bench.begins(Scope::Person(user), |unit| {
        unit.sessions
            .expect_end()
            .with(eq(session), eq(EndReason::Logout), eq(T0))
            .times(1)
            .returning(move |_, _, _| Ok(Some(ended(session))));
        hears(unit)
    })
}

#[tokio::test]
async fn either_token_ends_its_session_behind_a_fence() {
    for by_refresh in [true, false] {
        let bench = Bench::new();
        let heard = ends(&bench, ada_id(), session_id(1));
        let command = if by_refresh {
            LogOutCommand {
                refresh_token: refresh(&bench, ada_id(), session_id(1)),
                access_token: None,
                ip_address: client_ip(),
            }
        } else {
            LogOutCommand {
                refresh_token: None,
                access_token: access(&bench, ada_id(), session_id(1)),
                ip_address: client_ip(),
            }
        };

        let done = log_out(&bench, fenced_once(ada_id())).run(command).await;

        assert_eq!(done, Ok(()));
        let order = ["fence", "begin Person", "commit", "lift"];
        assert_eq!(bench.journal.only(&order), order);
        assert_eq!(heard.all(), [told(ada_id(), session_id(1))]);
        bench.finish();
    }
}

#[tokio::test]
async fn two_tokens_of_one_session_end_it_once() {
    let bench = Bench::new();
    ends(&bench, ada_id(), session_id(1));
    let command = LogOutCommand {
        refresh_token: refresh(&bench, ada_id(), session_id(1)),
        access_token: access(&bench, ada_id(), session_id(1)),
        ip_address: client_ip(),
    };

    let done = log_out(&bench, fenced_once(ada_id())).run(command).await;

    assert_eq!(done, Ok(()));
    bench.finish();
}

#[tokio::test]
async fn tokens_of_two_sessions_end_both() {
    let bench = Bench::new();
    let heard = [
        ends(&bench, ada_id(), session_id(1)),
        ends(&bench, bob_id(), session_id(2)),
    ];
    let mut states = MockSessionStates::new();
    for (user, fence) in [(ada_id(), Fence(1)), (bob_id(), Fence(2))] {
        states
            .expect_fence()
            .with(eq(user), eq(T0))
            .times(1)
            .returning(move |_, _| Ok(fence));
        states
            .expect_lift()
            .with(eq(user), eq(fence), eq(T0))
            .times(1)
            .returning(|_, _, _| Ok(()));
    }
    let command = LogOutCommand {
        refresh_token: refresh(&bench, ada_id(), session_id(1)),
        access_token: access(&bench, bob_id(), session_id(2)),
        ip_address: client_ip(),
    };

    assert_eq!(log_out(&bench, states).run(command).await, Ok(()));
    let told = [(ada_id(), session_id(1)), (bob_id(), session_id(2))].map(|(u, s)| told(u, s));
    assert_eq!(heard.map(|heard| heard.all()).concat(), told);
    bench.finish();
}

/// What is told of a session that its token ended.
fn told(user: UserId, session: SessionId) -> AuditEntry {
    let by = By::person(user).in_session(session);
    let by = by.in_log(workspace_id(1));
    by.did(
        "session.ended",
        AuditTarget::from(session),
        json!({ "reason": "logout" }),
    )
}

#[tokio::test]
async fn nothing_to_end_is_no_error_and_touches_neither_store_nor_cache() {
    let bench = Bench::new();
    let expired = access(&bench, ada_id(), session_id(1));
    bench.clock.set(T0.plus(secs(900)));
    for command in [
        LogOutCommand {
            refresh_token: None,
            access_token: None,
            ip_address: client_ip(),
        },
        LogOutCommand {
            refresh_token: Some(SecretText::new("forged")),
            access_token: expired,
            ip_address: client_ip(),
        },
    ] {
        let done = log_out(&bench, MockSessionStates::new()).run(command).await;
        assert_eq!(done, Ok(()));
    }
    assert_eq!(bench.journal.only(&["fence", "begin Person"]).len(), 0);
    bench.finish();
}

#[tokio::test]
async fn s15_a_token_of_one_kind_is_not_taken_where_the_other_belongs() {
    let bench = Bench::new();
    let command = LogOutCommand {
        refresh_token: access(&bench, ada_id(), session_id(1)),
        access_token: refresh(&bench, ada_id(), session_id(1)),
        ip_address: client_ip(),
    };

    let done = log_out(&bench, MockSessionStates::new()).run(command).await;

    assert_eq!(done, Ok(()));
    assert_eq!(bench.journal.only(&["fence", "begin Person"]).len(), 0);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_is_over_already_is_no_error() {
    let bench = Bench::new();
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions.expect_end().returning(|_, _, _| Ok(None));
    });
    let command = LogOutCommand {
        refresh_token: refresh(&bench, ada_id(), session_id(1)),
        access_token: None,
        ip_address: client_ip(),
    };

    let done = log_out(&bench, fenced_once(ada_id())).run(command).await;

    assert_eq!(done, Ok(()));
    bench.finish();
}

#[tokio::test]
async fn a_cache_that_is_away_stops_no_sign_out() {
    let bench = Bench::new();
    ends(&bench, ada_id(), session_id(1));
    let mut states = MockSessionStates::new();
    states
        .expect_fence()
        .returning(|_, _| Err(CacheError::Unavailable("away".to_owned())));
    let command = LogOutCommand {
        refresh_token: refresh(&bench, ada_id(), session_id(1)),
        access_token: None,
        ip_address: client_ip(),
    };

    assert_eq!(log_out(&bench, states).run(command).await, Ok(()));
    assert_eq!(bench.journal.count("commit"), 1);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_is_told_and_the_fence_is_lifted() {
    let no_unit = Bench::new();
    no_unit.begin_fails(lost());
    let no_end = Bench::new();
    no_end.begins(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_end()
            .return_once(|_, _, _| Err(lost()));
    });
    let no_commit = Bench::new();
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        unit.sessions.expect_end().returning(|_, _, _| Ok(None));
    });

    for bench in [no_unit, no_end, no_commit] {
        let command = LogOutCommand {
            refresh_token: refresh(&bench, ada_id(), session_id(1)),
            access_token: None,
            ip_address: client_ip(),
        };

        let done = log_out(&bench, fenced_once(ada_id())).run(command).await;

        assert_eq!(done, Err(LogOutError::Store(lost())));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}
