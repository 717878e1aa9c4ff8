//! Counting, also when the cache is away.

use kogents_domain::limits::{LimitLedger, LimitRule, LimitSubject, RateLimiter};
use kogents_testkit::fakes::AskedOfLimiter::{Clear, GiveBack, Look, Take};
use kogents_usecases::limits::Limited;

use crate::support::{Bench, T0, address, secs};

fn charged(bench: &Bench) -> [(LimitRule, LimitSubject); 2] {
    let mailbox = bench.limits().mailbox(&address("ada@example.com"));
    [
        (LimitRule::SignupEmail, mailbox),
        (LimitRule::SendEmail, mailbox),
    ]
}

/// The policies that a ledger tells of, with their quotas.
fn told(ledger: &LimitLedger) -> Vec<(String, u32)> {
    let standings = ledger.standings();
    let told = standings.iter().map(|s| (s.policy.to_string(), s.quota));
    told.collect()
}

#[tokio::test]
async fn what_every_limit_says_is_written_down() {
    let bench = Bench::new();
    let ledger = LimitLedger::default();
    let charged = charged(&bench);
    let taken = bench.limits().take(&ledger, &charged, T0).await;
    assert!(taken.is_ok());
    let expected = [
        ("signup-email", 3),
        ("send-email-3600s", 5),
        ("send-email-86400s", 10),
    ];
    assert_eq!(
        told(&ledger),
        expected.map(|(name, quota)| (name.to_owned(), quota))
    );
    assert_eq!(bench.limiter.asked(), [Take(charged.to_vec())]);
    assert_eq!(bench.local_limiter.asked(), []);
}

#[tokio::test]
async fn a_limit_that_is_used_up_refuses_and_says_how_long() {
    let bench = Bench::new();
    bench.limiter.refuse(LimitRule::SendEmail, secs(42));
    let ledger = LimitLedger::default();
    let charged = charged(&bench);
    let refused = Limited { wait: secs(42) };
    let limits = bench.limits();
    assert_eq!(limits.take(&ledger, &charged, T0).await, Err(refused));
    assert_eq!(limits.look(&ledger, &charged, T0).await, Err(refused));
    assert_eq!(limits.look(&ledger, &charged[..1], T0).await, Ok(()));
    assert_eq!(told(&ledger).len(), 3);
}

#[tokio::test]
async fn r3_while_the_cache_is_away_this_process_counts_with_half_of_each_quota() {
    let bench = Bench::new();
    bench.limiter.go_away();
    let ledger = LimitLedger::default();
    let charged = charged(&bench);
    let limits = bench.limits();
    let held = limits.take(&ledger, &charged, T0).await.unwrap();
    let quotas: Vec<u32> = told(&ledger).iter().map(|(_, quota)| *quota).collect();
    assert_eq!(quotas, [2, 3, 5]);
    limits.look(&ledger, &charged, T0).await.unwrap();
    // What was taken here is given back here, whether the cache is back or not.
    limits
        .give_back(&ledger, held, &[LimitRule::SendEmail], T0)
        .await;
    let asked = [
        Take(charged.to_vec()),
        Look(charged.to_vec()),
        GiveBack(vec![LimitRule::SignupEmail]),
        Clear(vec![LimitRule::SendEmail]),
    ];
    assert_eq!(bench.local_limiter.asked(), asked);
    assert_eq!(bench.limiter.asked().len(), 2);
}

#[tokio::test]
async fn r3_an_outage_is_no_time_without_limits() {
    let bench = Bench::new();
    bench.limiter.go_away();
    bench.local_limiter.refuse(LimitRule::SignupEmail, secs(7));
    let refused = Err(Limited { wait: secs(7) });
    let (limits, ledger) = (bench.limits(), LimitLedger::default());
    let charged = charged(&bench);
    assert_eq!(limits.look(&ledger, &charged, T0).await, refused);
    assert_eq!(limits.take(&ledger, &charged, T0).await.map(drop), refused);
    assert_eq!(limits.take_locally(&ledger, charged[0], T0).await, refused);
}

#[tokio::test]
async fn rules_that_are_off_ask_nobody() {
    let bench = Bench::new();
    let mut limits = bench.limits_apart();
    limits.rules = kogents_domain::limits::LimitRules::off();
    let ledger = LimitLedger::default();
    let charged = charged(&bench);
    let held = limits.take(&ledger, &charged, T0).await.unwrap();
    limits.look(&ledger, &charged, T0).await.unwrap();
    limits.give_back(&ledger, held, &[], T0).await;
    assert_eq!(bench.limiter.asked(), []);
    assert_eq!(told(&ledger), []);
    // The fake itself would have been asked.
    bench.limiter.take(&[], T0).await.unwrap();
    assert_eq!(bench.limiter.asked(), [Take(Vec::new())]);
}
