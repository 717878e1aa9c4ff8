//! Signing in.

use std::sync::Arc;

use kogents_domain::audit::AuditTarget;
use kogents_domain::auth::{EnteredPassword, HashError, PasswordHash, User};
use kogents_domain::cache::CacheError;
use kogents_domain::limits::{LimitLedger, LimitRule};
use kogents_domain::session::{
    Analytics, EndReason, MockSessionStates, Session, SessionEnd, SessionRecord, SessionType,
};
use kogents_domain::store::{Scope, StoreError};
use kogents_domain::workspace::Standing;
use kogents_testkit::fakes::FakeHasher;
use kogents_usecases::auth::{Credentials, LogIn, LogInCommand, LogInError};
use mockall::predicate::eq;
use serde_json::json;

use crate::support::{
    self, Bench, By, Heard, LIFETIMES, PASSWORD, SESSION_LIMIT, Slot, T0, Units, WRONG_PASSWORD,
    ada, ada_id, address, client, client_ip, fenced_once, hears, lost, opens_at_once,
    password_hash, prepares, prepares_for, record, secs, session_id, standing, workspace_id,
};

fn log_in(bench: &Bench, states: MockSessionStates) -> LogIn {
    LogIn {
        credentials: Arc::new(Credentials {
            limits: bench.limits(),
            refresh_tokens: bench.refresh(),
            store: bench.store(),
            hasher: bench.hasher(),
            audit: bench.audit(),
            clock: bench.clock(),
        }),
        store: bench.store(),
        opener: bench.opener(),
        minter: bench.minter(),
        gate: bench.gate(states),
        clock: bench.clock(),
    }
}

/// Ada, whose password was hashed when hashes were weaker.
fn outdated() -> User {
    User {
        password_hash: FakeHasher::outdated_hash_of(PASSWORD),
        ..ada()
    }
}

fn command(password: &str) -> LogInCommand {
    LogInCommand {
        email: address("ada@example.com"),
        password: EnteredPassword::parse(password).unwrap(),
        analytics: Analytics {
            utm_source: Some("newsletter".to_owned()),
            ..Analytics::default()
        },
        client: client(),
        refresh_token: None,
        ledger: LimitLedger::default(),
    }
}

/// The address is looked up once and gives this.
fn looks_up(bench: &Bench, found: Option<User>) {
    bench.reads(Scope::System, |unit| {
        unit.users
            .expect_find_by_email()
            .with(eq(address("ada@example.com")))
            .times(1)
            .return_once(|_| Ok(found));
    });
}

/// The address is looked up and gives this person, whose password turns out to be right.
fn lets_in(bench: &Bench, found: User) {
    looks_up(bench, Some(found));
}

/// The person's row is locked and gives `user`, who stands so.
fn stands(unit: &mut Units, user: User, standing: Option<Standing>) {
    let last = user.last_workspace_id;
    unit.users
        .expect_find_for_update()
        .with(eq(ada_id()))
        .times(1)
        .return_once(|_| Ok(Some(user)));
    unit.memberships
        .expect_find_standing()
        .with(eq(ada_id()), eq(last))
        .times(1)
        .return_once(|_, _| Ok(standing));
}

/// The person's row is locked and gives `user`; the session goes in, and that is all.
fn opens(unit: &mut Units, user: User, standing: Option<Standing>) -> Slot<SessionRecord> {
    stands(unit, user, standing);
    opens_at_once(unit, true)
}

/// So many of Ada's sessions are open that the next one might take another's place.
fn is_full(unit: &mut Units) {
    stands(unit, ada(), Some(standing(1)));
    unit.devices
        .expect_see()
        .times(1)
        .returning(|_, _, _| Ok(false));
    unit.sessions
        .expect_count_open()
        .with(eq(ada_id()), eq(T0))
        .times(1)
        .returning(|_, _| Ok(u64::from(SESSION_LIMIT)));
    unit.sessions.expect_insert().never();
}

/// The cache is not to be asked.
fn unfenced() -> MockSessionStates {
    MockSessionStates::new()
}

/// The failure is told of: the address is looked up, then where the next session of its owner, or
/// of nobody, would open.
fn tells_of_failure(bench: &Bench, found: Option<User>) -> Heard {
    bench.begins(Scope::System, |unit| {
        let last = found.as_ref().and_then(|user| user.last_workspace_id);
        let id = found.as_ref().map(|user| user.id);
        let standing = found.as_ref().map(|_| standing(2));
        unit.users
            .expect_find_by_email()
            .with(eq(address("ada@example.com")))
            .times(1)
            .return_once(|_| Ok(found));
        unit.memberships
            .expect_find_standing()
            .withf(move |user, preferred| {
                let is_known = id.is_none_or(|id| id == *user);
                is_known && *preferred == last
            })
            .times(1)
            .return_once(|_, _| Ok(standing));
        hears(unit)
    })
}

#[tokio::test]
async fn a_right_password_opens_a_session_in_the_workspace_last_used() {
    let bench = Bench::new();
    lets_in(&bench, ada());
    let kept = bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, ada(), Some(standing(1)))
    });

    let signed_in = log_in(&bench, unfenced())
        .run(command(PASSWORD))
        .await
        .unwrap();

    let record = kept.only();
    assert_eq!(signed_in.user, ada());
    assert_eq!(signed_in.standing, Some(standing(1)));
    assert_eq!(signed_in.session, record);
    assert_eq!(record.session.user_id, ada_id());
    assert_eq!(record.session.workspace_id, Some(workspace_id(1)));
    assert_eq!(record.session.session_type, SessionType::Web);
    assert_eq!(record.session.started_at, T0);
    assert_eq!(
        record.session.idle_expires_at,
        T0.plus(LIFETIMES.session_idle)
    );
    assert_eq!(record.facts.ip_address, client_ip());
    assert_eq!(record.facts.utm_source.as_deref(), Some("newsletter"));
    assert_eq!(
        record.facts.device_name.as_deref(),
        Some("Chrome on Android")
    );
    assert_eq!(record.facts.city.as_deref(), Some("K\u{F6}ln"));
    assert_eq!(record.facts.is_new_device, Some(true));

    let tokens = signed_in.tokens;
    let claims = bench.refresh().read(tokens.refresh.expose(), T0).unwrap();
    assert_eq!(
        (claims.session_id, claims.generation),
        (record.session.id, 0)
    );
    assert_eq!(tokens.expires_in_secs, 900);
    bench.finish();
}

#[tokio::test]
async fn a_sign_in_is_told_of_in_the_session_that_it_opens_and_so_is_what_gives_way_to_it() {
    let bench = Bench::new();
    lets_in(&bench, ada());
    bench.begins(Scope::Person(ada_id()), is_full);
    prepares(&bench, vec![record(1, T0)]);
    let heard = bench.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, ada(), Some(standing(1)));
        unit.devices.expect_see().returning(|_, _, _| Ok(false));
        unit.sessions.expect_insert().returning(|_| Ok(()));
        let replaced = Session {
            workspace_id: None,
            end: Some(SessionEnd {
                at: T0,
                reason: EndReason::Replaced,
            }),
            ..record(7, T0).session
        };
        unit.sessions
            .expect_end_surplus()
            .return_once(|_, _| Ok(vec![replaced]));
        hears(unit)
    });

    let signed_in = log_in(&bench, fenced_once(ada_id()))
        .run(command(PASSWORD))
        .await
        .unwrap();

    let session = signed_in.session.session.id;
    let by = By::person(ada_id()).in_session(session);
    let opened = json!({ "type": "WEB", "by": "password" });
    let told = [
        by.in_log(workspace_id(1))
            .did("session.opened", AuditTarget::from(session), opened),
        by.did(
            "session.ended",
            AuditTarget::from(session_id(7)),
            json!({ "reason": "replaced" }),
        ),
    ];
    assert_eq!(heard.all(), told);
    bench.finish();
}

#[tokio::test]
async fn a_session_that_is_all_there_is_to_write_takes_one_unit_and_no_fence() {
    let bench = Bench::new();
    lets_in(&bench, ada());
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, ada(), Some(standing(1)))
    });

    log_in(&bench, unfenced())
        .run(command(PASSWORD))
        .await
        .unwrap();

    let order = [
        "take limits",
        "read System",
        "close",
        "verify",
        "detect",
        "locate",
        "begin Person",
        "commit",
        "wake",
        "mint access",
        "mint refresh",
        "give limits back",
    ];
    assert_eq!(bench.journal.entries(), order);
    bench.finish();
}

#[tokio::test]
async fn where_another_session_may_give_way_the_cache_is_fenced_before_the_unit_that_is_committed()
{
    let bench = Bench::new();
    lets_in(&bench, ada());
    bench.begins(Scope::Person(ada_id()), is_full);
    prepares(&bench, vec![record(1, T0)]);
    bench.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, ada(), Some(standing(1)));
        support::opens(unit)
    });

    log_in(&bench, fenced_once(ada_id()))
        .run(command(PASSWORD))
        .await
        .unwrap();

    let order = [
        "verify",
        "detect",
        "locate",
        "begin Person",
        "rollback",
        "read Person",
        "close",
        "fence",
        "begin Person",
        "commit",
        "lift",
    ];
    let entries = bench.journal.entries();
    let verified = entries.iter().position(|entry| entry == "verify").unwrap();
    assert_eq!(entries[verified..][..order.len()], order);
    bench.finish();
}

#[tokio::test]
async fn on_a_new_device_whoever_is_told_of_it_is_told_in_the_unit_that_is_committed() {
    let settled = User {
        created_at: T0.minus(secs(60)),
        ..ada()
    };
    let bench = Bench::new();
    lets_in(&bench, settled.clone());
    let locked = settled.clone();
    bench.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, locked, Some(standing(1)));
        unit.devices
            .expect_see()
            .times(1)
            .returning(|_, _, _| Ok(true));
        unit.sessions.expect_insert().never();
        unit.outbox.expect_enqueue().never();
    });
    prepares_for(&bench, settled.clone(), vec![record(1, T0)], |unit| {
        unit.memberships
            .expect_find_standing()
            .return_once(|_, _| Ok(Some(standing(1))));
    });
    bench.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, settled, Some(standing(1)));
        unit.outbox
            .expect_enqueue()
            .times(1)
            .returning(|_| Ok(true));
        unit.one_time_tokens
            .expect_insert()
            .times(1)
            .returning(|_| Ok(()));
        support::opens(unit)
    });

    let signed_in = log_in(&bench, fenced_once(ada_id()))
        .run(command(PASSWORD))
        .await
        .unwrap();

    assert_eq!(signed_in.session.facts.is_new_device, Some(true));
    let order = [
        "begin Person",
        "rollback",
        "seal",
        "seal",
        "begin Person",
        "commit",
    ];
    assert_eq!(
        bench
            .journal
            .only(&["begin Person", "rollback", "seal", "commit"]),
        order
    );
    bench.finish();
}

#[tokio::test]
async fn s5_of_the_refresh_token_only_a_digest_is_kept() {
    let bench = Bench::new();
    lets_in(&bench, ada());
    let kept = bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, ada(), Some(standing(1)))
    });

    let signed_in = log_in(&bench, unfenced())
        .run(command(PASSWORD))
        .await
        .unwrap();

    let digest = kept.only().session.refresh.digest;
    let id = signed_in.session.session.id;
    let token = signed_in.tokens.refresh;
    let claims = bench.refresh().read(token.expose(), T0).unwrap();
    assert_eq!(digest, bench.minter().refresh_digest(id, 0));
    assert_ne!(digest, claims.token_id);
    bench.finish();
}

#[tokio::test]
async fn s6_wrong_password_unknown_address_and_suspended_person_are_one_error_at_one_cost() {
    let suspended = User {
        suspended_at: Some(T0),
        ..ada()
    };
    for (found, password) in [
        (Some(ada()), WRONG_PASSWORD),
        (None, PASSWORD),
        (Some(suspended), PASSWORD),
    ] {
        let bench = Bench::new();
        looks_up(&bench, found.clone());
        // Each statement once, whatever comes of the first.
        let heard = tells_of_failure(&bench, found.clone());

        let refused = log_in(&bench, unfenced()).run(command(password)).await;

        assert_eq!(refused, Err(LogInError::InvalidCredentials));
        let order = [
            "take limits",
            "read System",
            "close",
            "verify",
            "begin System",
            "commit",
        ];
        assert_eq!(bench.journal.entries(), order);
        let by = match &found {
            Some(_) => By::client().in_log(workspace_id(2)),
            None => By::client(),
        };
        let whose = found.map(|user| AuditTarget::from(user.id));
        assert_eq!(heard.all(), [by.did("sign_in.failed", whose, json!({}))]);
        bench.finish();
    }
}

#[tokio::test]
async fn s6_every_sign_in_costs_one_comparison_and_no_hash() {
    let suspended = |user: User| User {
        suspended_at: Some(T0),
        ..user
    };
    for (case, found, password) in [
        ("wrong", Some(ada()), WRONG_PASSWORD),
        ("unknown", None, PASSWORD),
        ("unknown and wrong", None, WRONG_PASSWORD),
        ("suspended", Some(suspended(ada())), PASSWORD),
        (
            "suspended and wrong",
            Some(suspended(ada())),
            WRONG_PASSWORD,
        ),
        ("outdated and wrong", Some(outdated()), WRONG_PASSWORD),
        (
            "outdated and suspended",
            Some(suspended(outdated())),
            PASSWORD,
        ),
    ] {
        let bench = Bench::new();
        looks_up(&bench, found.clone());
        tells_of_failure(&bench, found);
        let refused = log_in(&bench, unfenced()).run(command(password)).await;
        assert_eq!(refused, Err(LogInError::InvalidCredentials), "{case}");
        let cost = (bench.hasher.verified(), bench.hasher.hashed());
        assert_eq!(cost, (1, 0), "{case}");
        bench.finish();
    }

    // Nor does whoever gets in cost more, unless the kept hash has to be replaced.
    let bench = Bench::new();
    lets_in(&bench, ada());
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, ada(), Some(standing(1)))
    });
    let signed_in = log_in(&bench, unfenced()).run(command(PASSWORD)).await;
    assert!(signed_in.is_ok());
    assert_eq!((bench.hasher.verified(), bench.hasher.hashed()), (1, 0));
    bench.finish();
}

#[tokio::test]
async fn s6_an_unknown_address_costs_a_real_comparison() {
    let bench = Bench::new();
    looks_up(&bench, None);
    tells_of_failure(&bench, None);

    let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

    assert_eq!(refused, Err(LogInError::InvalidCredentials));
    assert_eq!(bench.hasher.verified(), 1);
    assert_eq!(bench.hasher.verified_without_hash(), 1);
    bench.finish();
}

#[tokio::test]
async fn s10_an_outdated_hash_is_replaced_in_the_same_unit_of_work() {
    let bench = Bench::new();
    lets_in(&bench, outdated());
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, outdated(), Some(standing(1)));
        unit.users
            .expect_replace_password_hash()
            .withf(|id, old, new, now| {
                (*id, *now) == (ada_id(), T0)
                    && *old == outdated().password_hash
                    && *new == password_hash()
            })
            .times(1)
            .returning(|_, _, _, _| Ok(true));
    });

    log_in(&bench, unfenced())
        .run(command(PASSWORD))
        .await
        .unwrap();

    let order = ["verify", "hash", "begin Person", "commit"];
    assert_eq!(bench.journal.only(&order), order);
    bench.finish();
}

#[tokio::test]
async fn an_outdated_hash_of_a_suspended_person_is_not_replaced() {
    let bench = Bench::new();
    let suspended = User {
        suspended_at: Some(T0),
        ..outdated()
    };
    looks_up(&bench, Some(suspended.clone()));
    tells_of_failure(&bench, Some(suspended));

    let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

    assert_eq!(refused, Err(LogInError::InvalidCredentials));
    assert_eq!(bench.hasher.hashed(), 0);
    bench.finish();
}

#[tokio::test]
async fn who_was_suspended_removed_or_got_another_password_meanwhile_does_not_get_in() {
    let suspended = User {
        suspended_at: Some(T0),
        ..ada()
    };
    let changed = User {
        password_hash: PasswordHash::new("of another password"),
        ..ada()
    };
    for meanwhile in [Some(suspended), Some(changed), None] {
        let bench = Bench::new();
        lets_in(&bench, ada());
        let locked = meanwhile.clone();
        bench.begins(Scope::Person(ada_id()), |unit| {
            unit.users
                .expect_find_for_update()
                .times(1)
                .return_once(|_| Ok(locked));
        });
        // The second comparison is with the person as they are by then.
        looks_up(&bench, meanwhile.clone());
        tells_of_failure(&bench, meanwhile);

        let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

        assert_eq!(refused, Err(LogInError::InvalidCredentials));
        let order = ["begin Person", "rollback"];
        assert_eq!(bench.journal.only(&order), order);
        assert_eq!(bench.journal.count("begin System"), 1);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn s10_a_hash_that_another_sign_in_has_just_replaced_does_not_turn_this_one_away() {
    let bench = Bench::new();
    lets_in(&bench, outdated());
    bench.begins(Scope::Person(ada_id()), |unit| {
        unit.users
            .expect_find_for_update()
            .times(1)
            .return_once(|_| Ok(Some(ada())));
    });
    lets_in(&bench, ada());
    bench.begins(Scope::Person(ada_id()), |unit| {
        opens(unit, ada(), Some(standing(1)));
    });

    log_in(&bench, unfenced())
        .run(command(PASSWORD))
        .await
        .unwrap();

    let order = ["begin Person", "rollback", "begin Person", "commit"];
    assert_eq!(
        bench.journal.only(&["begin Person", "rollback", "commit"]),
        order
    );
    bench.finish();
}

#[tokio::test]
async fn without_a_membership_the_session_is_in_no_workspace() {
    let bench = Bench::new();
    let alone = User {
        last_workspace_id: None,
        ..ada()
    };
    lets_in(&bench, alone.clone());
    let kept = bench.begins(Scope::Person(ada_id()), |unit| opens(unit, alone, None));

    let signed_in = log_in(&bench, unfenced())
        .run(command(PASSWORD))
        .await
        .unwrap();

    assert_eq!(signed_in.standing, None);
    assert_eq!(kept.only().session.workspace_id, None);
    bench.finish();
}

#[tokio::test]
async fn the_last_workspace_is_remembered_only_when_it_is_another() {
    for (standing, remembered) in [(Some(standing(2)), Some(workspace_id(2))), (None, None)] {
        let bench = Bench::new();
        lets_in(&bench, ada());
        bench.begins(Scope::Person(ada_id()), |unit| {
            opens(unit, ada(), standing);
            unit.users
                .expect_set_last_workspace()
                .with(eq(ada_id()), eq(remembered), eq(T0))
                .times(1)
                .returning(|_, _, _| Ok(()));
        });

        let signed_in = log_in(&bench, unfenced())
            .run(command(PASSWORD))
            .await
            .unwrap();

        assert_eq!(signed_in.session.session.workspace_id, remembered);
        bench.finish();
    }
}

#[tokio::test]
async fn a_cache_that_is_away_stops_no_sign_in() {
    let bench = Bench::new();
    lets_in(&bench, ada());
    bench.begins(Scope::Person(ada_id()), is_full);
    prepares(&bench, vec![record(1, T0)]);
    bench.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, ada(), Some(standing(1)));
        support::opens(unit)
    });
    let mut states = MockSessionStates::new();
    states
        .expect_fence()
        .returning(|_, _| Err(CacheError::Unavailable("away".to_owned())));
    bench.counters.go_away();

    let signed_in = log_in(&bench, states).run(command(PASSWORD)).await;

    assert!(signed_in.is_ok());
    assert_eq!(bench.journal.count("commit"), 1);
    bench.finish();
}

#[tokio::test]
async fn a_failure_that_cannot_be_told_of_is_one_of_the_store_and_counts_all_the_same() {
    let no_unit = Bench::new();
    looks_up(&no_unit, None);
    no_unit.begin_fails(lost());
    let no_commit = Bench::new();
    looks_up(&no_commit, None);
    no_commit.fails_to_commit(Scope::System, lost(), |unit| {
        unit.users.expect_find_by_email().returning(|_| Ok(None));
        unit.memberships
            .expect_find_standing()
            .returning(|_, _| Ok(None));
        hears(unit)
    });
    for bench in [no_unit, no_commit] {
        let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;
        assert_eq!(refused, Err(LogInError::Store(lost())));
        assert_eq!(bench.journal.count("give limits back"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn what_a_limit_refuses_is_not_told_of() {
    let bench = Bench::new();
    bench.limiter.refuse(LimitRule::LoginPair, secs(60));

    let refused = log_in(&bench, unfenced())
        .run(command(WRONG_PASSWORD))
        .await;

    assert!(
        matches!(refused, Err(LogInError::Limited(_))),
        "{refused:?}"
    );
    assert_eq!(bench.journal.entries(), ["take limits"]);
    bench.finish();
}

#[tokio::test]
async fn s12_while_the_hasher_is_busy_not_even_the_store_is_asked() {
    let bench = Bench::new();
    bench.hasher.set_busy(true);

    let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

    assert_eq!(refused, Err(LogInError::Hash(HashError::Busy)));
    assert_eq!(bench.journal.entries(), [""; 0]);
    bench.finish();
}

#[tokio::test]
async fn a_store_that_is_away_at_the_first_look_costs_no_comparison() {
    let bench = Bench::new();
    bench.read_fails(lost());

    let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

    assert_eq!(refused, Err(LogInError::Store(lost())));
    assert_eq!(bench.journal.count("verify"), 0);
    bench.finish();
}

#[tokio::test]
async fn whatever_fails_in_the_store_no_token_is_minted_and_nothing_is_fenced() {
    let failed = || StoreError::Failed("the disk is full".to_owned());

    let no_unit = Bench::new();
    lets_in(&no_unit, ada());
    no_unit.begin_fails(failed());

    let no_count = Bench::new();
    lets_in(&no_count, ada());
    no_count.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, ada(), None);
        unit.devices.expect_see().return_once(|_, _, _| Ok(false));
        unit.sessions
            .expect_count_open()
            .return_once(move |_, _| Err(failed()));
    });

    let no_row = Bench::new();
    lets_in(&no_row, ada());
    no_row.begins(Scope::Person(ada_id()), |unit| {
        stands(unit, ada(), None);
        unit.devices.expect_see().return_once(|_, _, _| Ok(false));
        unit.sessions.expect_count_open().return_once(|_, _| Ok(0));
        unit.sessions
            .expect_insert()
            .return_once(move |_| Err(failed()));
    });

    let no_commit = Bench::new();
    lets_in(&no_commit, ada());
    no_commit.fails_to_commit(Scope::Person(ada_id()), failed(), |unit| {
        opens(unit, ada(), Some(standing(1)))
    });

    for bench in [no_unit, no_count, no_row, no_commit] {
        let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

        assert_eq!(refused, Err(LogInError::Store(failed())));
        let end = ["give limits back"];
        assert!(bench.journal.entries().ends_with(&end.map(str::to_owned)));
        assert_eq!(bench.journal.count("commit"), 0);
        assert_eq!(bench.journal.count("mint access"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn what_fails_behind_a_fence_lifts_it() {
    let no_unit = Bench::new();
    let no_commit = Bench::new();
    for bench in [&no_unit, &no_commit] {
        lets_in(bench, ada());
        bench.begins(Scope::Person(ada_id()), is_full);
        prepares(bench, vec![record(1, T0)]);
    }
    no_unit.begin_fails(lost());
    no_commit.fails_to_commit(Scope::Person(ada_id()), lost(), |unit| {
        stands(unit, ada(), Some(standing(1)));
        support::opens(unit)
    });

    for bench in [no_unit, no_commit] {
        let refused = log_in(&bench, fenced_once(ada_id()))
            .run(command(PASSWORD))
            .await;

        assert_eq!(refused, Err(LogInError::Store(lost())));
        let end = ["lift", "give limits back"];
        assert!(bench.journal.entries().ends_with(&end.map(str::to_owned)));
        assert_eq!(bench.journal.count("commit"), 0);
        bench.finish();
    }
}

#[tokio::test]
async fn a_store_that_cannot_list_the_sessions_opens_none_and_nothing_is_fenced() {
    let no_unit = Bench::new();
    let no_list = Bench::new();
    for bench in [&no_unit, &no_list] {
        lets_in(bench, ada());
        bench.begins(Scope::Person(ada_id()), is_full);
    }
    no_unit.read_fails(lost());
    no_list.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_list_open()
            .return_once(|_, _| Err(lost()));
    });
    for bench in [no_unit, no_list] {
        let refused = log_in(&bench, unfenced()).run(command(PASSWORD)).await;

        assert_eq!(refused, Err(LogInError::Store(lost())));
        // A right password is no failure.
        assert_eq!(bench.journal.count("give limits back"), 1);
        bench.finish();
    }
}
