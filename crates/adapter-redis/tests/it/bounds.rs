//! Everything in the server has an end.

use std::collections::BTreeMap;

use deadpool_redis::redis;
use kogents_adapter_redis::RedisCache;
use kogents_domain::limits::{Charge, LimitRule, LimitRules, LimitSubject, RateLimiter as _};
use kogents_domain::session::{SessionCounters as _, SessionStates as _};
use kogents_domain::signup::PendingSignups as _;
use kogents_testkit::builders::{real_now, unique_digest};
use kogents_testkit::session_states_contract::request_of;

use crate::support::{Person, Signup, is_right, patient, raw, server_url};

/// Every name of a prefix with its remaining milliseconds; -1 when it has no end.
async fn lifetimes(url: &str, prefix: &str) -> BTreeMap<String, i64> {
    let mut connection = raw(url).await;
    let names: Vec<String> = redis::cmd("KEYS")
        .arg(format!("{prefix}*"))
        .query_async(&mut connection)
        .await
        .unwrap();
    let mut found = BTreeMap::new();
    for name in names {
        let left: i64 = redis::cmd("PTTL")
            .arg(&name)
            .query_async(&mut connection)
            .await
            .unwrap();
        found.insert(name, left);
    }
    found
}

async fn be_busy(cache: &RedisCache) {
    // Limits: taken, given back in part, of a session.
    let charge = Charge {
        rule: LimitRule::SignupEmail,
        subject: LimitSubject::Mailbox(unique_digest()),
        limits: LimitRules::default().of(LimitRule::SignupEmail),
    };
    let (limiter, charges, now) = (cache.rate_limiter(), [charge], real_now());
    for _ in 0..2 {
        limiter.take(&charges, now).await.unwrap();
    }
    limiter.give_back(&charges, &[], now).await.unwrap();
    let person = Person::new(cache);
    let request = request_of(&person.snapshot, &LimitRules::default(), now);
    person.states.touch(&request).await.unwrap();
    // Signups: begun only, guessed at, being confirmed, given back, failed, withdrawn, done.
    for n in 0..7 {
        let signup = Signup::new(cache).await;
        let (key, now, signups) = (signup.key, signup.start, signup.signups.clone());
        let code = unique_digest();
        if n == 0 {
            continue;
        }
        signup.issue(code).await;
        signup.guess(unique_digest()).await.unwrap();
        if n == 1 {
            continue;
        }
        if n == 2 {
            let issued = kogents_domain::signup::IssueCode { key, code, now };
            signups.withdraw_code(issued).await.unwrap();
            continue;
        }
        let tried = signup.guess(code).await;
        assert!(is_right(&tried));
        let kogents_domain::signup::TriedCode::Right { lease, .. } = tried.unwrap() else {
            unreachable!("it is right");
        };
        match n {
            3 => {}
            4 => signups.release(key, lease).await.unwrap(),
            5 => assert_eq!(signups.fail(key, lease, now).await, Ok(3)),
            _ => signups.finish(key).await.unwrap(),
        }
    }
    // Persons: asked for, known, fenced, freed.
    Person::new(cache).version(real_now()).await;
    for n in 0..4 {
        let person = Person::known(cache).await;
        let (user, now) = (person.snapshot.user_id, person.start);
        if n > 0 {
            let fence = person.states.fence(user, now).await.unwrap();
            if n > 1 {
                person.states.lift(user, fence, now).await.unwrap();
            }
            if n > 2 {
                person.make_known(now).await;
            }
        }
    }
    // Their counters: all counted, one of them written back.
    let now = real_now();
    let unflushed = person.states.unflushed(1, now).await.unwrap();
    person.states.flushed(&unflushed, now).await.unwrap();
}

#[tokio::test]
async fn r10_s26_every_name_but_the_epoch_has_an_end() {
    let Some(url) = server_url() else { return };
    let settings = patient(&url);
    let prefix = settings.prefix.clone();
    let cache = RedisCache::connect(settings).await.unwrap();
    be_busy(&cache).await;
    let found = lifetimes(&url, &prefix).await;
    let of = |kind: &str| -> Vec<i64> {
        let begin = format!("{prefix}{kind}");
        let these = found.iter().filter(|(name, _)| name.starts_with(&begin));
        these.map(|(_, left)| *left).collect()
    };
    let (signups, guesses, persons) = (of("signup:"), of("guesses:"), of("sessions:"));
    assert_eq!((signups.len(), guesses.len(), persons.len()), (6, 6, 6));
    let day = 86_400_000;
    for (lefts, most) in [(signups, day), (guesses, day), (persons, 60_000)] {
        for left in lefts {
            // Never shorter than promised (the test itself took some of it), and hardly longer.
            assert!(
                left > most - 20_000 && left <= most + 10_000,
                "{left} of {most}"
            );
        }
    }
    let (mut counters, unflushed) = (of("activity:"), of("unflushed"));
    counters.sort_unstable();
    assert_eq!((counters.len(), unflushed.len()), (4, 1));
    for (lefts, most) in [
        (&counters[..1], 120_000),
        (&counters[1..], day),
        (&unflushed, day),
    ] {
        for left in lefts {
            assert!(
                *left > most - 20_000 && *left <= most + 10_000,
                "{left} of {most}"
            );
        }
    }
    assert_eq!(found.get(&format!("{prefix}epoch")), Some(&-1));
    // A counter ends when it is empty: one of three an hour, one of 600 a minute.
    let counters = (of("limit:signup-email:"), of("limit:general-session:"));
    for (lefts, most) in [(counters.0, 1_200_000), (counters.1, 100)] {
        assert_eq!(lefts.len(), 1);
        for left in lefts {
            assert!(left > 0 && left <= most + 10_000, "{left} of {most}");
        }
    }
    assert_eq!(found.len(), 26, "{found:?}");
}

#[tokio::test]
async fn s9_no_step_moves_the_end_that_a_signup_has_in_the_server() {
    let Some(url) = server_url() else { return };
    let settings = patient(&url);
    let prefix = settings.prefix.clone();
    let cache = RedisCache::connect(settings).await.unwrap();
    let signup = Signup::new(&cache).await;
    let mut connection = raw(&url).await;
    let name = lifetimes(&url, &format!("{prefix}signup:")).await;
    let name = name.into_keys().next().unwrap();
    let ends = redis::cmd("PEXPIRETIME").arg(&name).to_owned();
    let Ok(before) = ends.query_async::<i64>(&mut connection).await else {
        // Servers before version 7 cannot tell.
        return;
    };
    let code = unique_digest();
    signup.issue(code).await;
    signup.guess(unique_digest()).await.unwrap();
    assert!(is_right(&signup.guess(code).await));
    let after: i64 = ends.query_async(&mut connection).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn s5_names_and_contents_hold_digests_and_sealed_bytes_only() {
    let Some(url) = server_url() else { return };
    let settings = patient(&url);
    let prefix = settings.prefix.clone();
    let cache = RedisCache::connect(settings).await.unwrap();
    let signup = Signup::new(&cache).await;
    signup.issue(unique_digest()).await;
    let name = lifetimes(&url, &format!("{prefix}signup:")).await;
    let fields: BTreeMap<String, Vec<u8>> = redis::cmd("HGETALL")
        .arg(name.into_keys().next().unwrap())
        .query_async(&mut raw(&url).await)
        .await
        .unwrap();
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "address",
            "code",
            "code_before",
            "code_expires_at",
            "code_issued_at",
            "code_wrong",
            "expires_at",
            "next_at",
            "sealed",
            "version",
            "workspace"
        ]
    );
    assert_eq!(fields["code"].len(), 32);
    assert_eq!(fields["address"].len(), 64);
    assert_eq!(fields["sealed"], b"chosen");
}
