//! How wrong guesses are kept: what an instance counts that knows one budget only, and one that
//! knows several, is understood by the other.

use std::collections::BTreeMap;

use deadpool_redis::redis;
use kogents_adapter_redis::{RedisCache, RedisPendingSignups};
use kogents_domain::digest::Digest;
use kogents_domain::limits::Limit;
use kogents_domain::signup::{
    CodePolicy, CodeTry, GuessBudgets, IssueCode, IssuedCode, PendingSignups as _, TriedCode,
};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::{a_new_pending, real_now, unique_digest};
use kogents_testkit::pending_signups_contract::{BUDGET, POLICY};

use crate::support::{patient, raw, server_url};

const HOUR: Limit = Limit::new(3, Span::from_secs(3_600));
const DAY: Limit = Limit::new(5, Span::from_secs(86_400));

/// A signup of one address, on a server that the test looks into.
struct Guessed {
    url: String,
    prefix: String,
    cache: RedisCache,
    key: Digest,
    start: Timestamp,
}

impl Guessed {
    async fn new() -> Option<Self> {
        let url = server_url()?;
        let settings = patient(&url);
        let prefix = settings.prefix.clone();
        let cache = RedisCache::connect(settings).await.unwrap();
        let (mut new, start) = (a_new_pending().build(), real_now());
        // Its name shows which part of a name is the address.
        new.address = Digest::from_bytes([0xab; 32]);
        let key = new.key;
        let signups = cache.pending_signups(POLICY);
        signups.create(new, start).await.unwrap();
        let version = signups.load(key, start).await.unwrap().unwrap().version;
        let chosen = signups.set_workspace(key, version, Vec::new(), start);
        chosen.await.unwrap();
        Some(Self {
            url,
            prefix,
            cache,
            key,
            start,
        })
    }

    /// The signups as an instance sees them that has these budgets.
    fn with(&self, budgets: &[Limit]) -> RedisPendingSignups {
        self.cache.pending_signups(CodePolicy {
            address_budgets: GuessBudgets::of(budgets).unwrap(),
            ..POLICY
        })
    }

    fn name(&self, window: &str) -> String {
        format!("{}guesses:{window}{{{}}}", self.prefix, "ab".repeat(32))
    }

    /// Writes what the release before this one wrote.
    async fn write_old(&self, wrong: u32, ends_at: Timestamp) {
        redis::cmd("HSET")
            .arg(self.name(""))
            .arg("wrong")
            .arg(wrong)
            .arg("ends_at")
            .arg(ends_at.as_millis())
            .exec_async(&mut raw(&self.url).await)
            .await
            .unwrap();
    }

    /// What is kept under every name of the address's guesses.
    async fn kept(&self) -> BTreeMap<String, BTreeMap<String, i64>> {
        let mut connection = raw(&self.url).await;
        let names: Vec<String> = redis::cmd("KEYS")
            .arg(format!("{}guesses:*", self.prefix))
            .query_async(&mut connection)
            .await
            .unwrap();
        let mut kept = BTreeMap::new();
        for name in names {
            let fields = redis::cmd("HGETALL")
                .arg(&name)
                .query_async(&mut connection)
                .await
                .unwrap();
            kept.insert(name, fields);
        }
        kept
    }

    fn at(&self, secs: i64) -> Timestamp {
        self.start.plus(Span::from_secs(secs))
    }

    async fn issue(&self, signups: &RedisPendingSignups, now: Timestamp) -> IssuedCode {
        let (key, code) = (self.key, unique_digest());
        signups
            .issue_code(IssueCode { key, code, now })
            .await
            .unwrap()
    }

    async fn guess_wrong(&self, signups: &RedisPendingSignups, now: Timestamp) -> TriedCode {
        let (key, code) = (self.key, unique_digest());
        signups.try_code(CodeTry { key, code, now }).await.unwrap()
    }
}

/// What is kept of one budget.
fn count(wrong: i64, ends_at: Timestamp) -> BTreeMap<String, i64> {
    [("ends_at", ends_at.as_millis()), ("wrong", wrong)]
        .map(|(field, value)| (field.to_owned(), value))
        .into()
}

const fn wrong(attempts_remaining: u32) -> TriedCode {
    TriedCode::Wrong { attempts_remaining }
}

#[tokio::test]
async fn s3_a_single_budget_is_kept_as_the_release_before_kept_it() {
    let Some(guessed) = Guessed::new().await else {
        return;
    };
    let signups = guessed.with(&[BUDGET]);
    let ends_at = guessed.at(86_000);
    guessed.write_old(13, ends_at).await;
    assert!(matches!(
        guessed.issue(&signups, guessed.at(1)).await,
        IssuedCode::Issued {
            attempts_remaining: 2,
            ..
        }
    ));
    assert_eq!(guessed.guess_wrong(&signups, guessed.at(2)).await, wrong(1));
    assert_eq!(guessed.guess_wrong(&signups, guessed.at(3)).await, wrong(0));
    let kept = BTreeMap::from([(guessed.name(""), count(15, ends_at))]);
    assert_eq!(guessed.kept().await, kept);
    let locked = TriedCode::Locked {
        until: ends_at,
        budget: BUDGET,
    };
    assert_eq!(guessed.guess_wrong(&signups, guessed.at(4)).await, locked);
}

/// However the list is ordered: a shorter one would lock for a day that is to lock for an hour.
#[tokio::test]
async fn s3_what_the_release_before_counted_is_the_count_of_the_longest_budget() {
    for budgets in [[HOUR, DAY], [DAY, HOUR]] {
        let Some(guessed) = Guessed::new().await else {
            return;
        };
        let signups = guessed.with(&budgets);
        let ends_at = guessed.at(80_000);
        guessed.write_old(4, ends_at).await;
        assert!(matches!(
            guessed.issue(&signups, guessed.at(0)).await,
            IssuedCode::Issued {
                attempts_remaining: 1,
                ..
            }
        ));
        assert_eq!(guessed.guess_wrong(&signups, guessed.at(1)).await, wrong(0));
        let locked = TriedCode::Locked {
            until: ends_at,
            budget: DAY,
        };
        assert_eq!(guessed.guess_wrong(&signups, guessed.at(2)).await, locked);
        let kept = BTreeMap::from([
            (guessed.name(""), count(5, ends_at)),
            (guessed.name("3600000:"), count(1, guessed.at(3_601))),
        ]);
        assert_eq!(guessed.kept().await, kept);
    }
}

/// Side by side: both count the same day, each allows what it says, and the lock of an hour is
/// none to an instance that does not know it.
#[tokio::test]
async fn s3_an_instance_that_knows_one_budget_goes_on_counting_beside_one_that_knows_two() {
    let Some(guessed) = Guessed::new().await else {
        return;
    };
    let (old, new) = (guessed.with(&[BUDGET]), guessed.with(&[HOUR, DAY]));
    guessed.issue(&new, guessed.start).await;
    for (secs, left) in [(0, 2), (1, 1), (2, 0)] {
        assert_eq!(
            guessed.guess_wrong(&new, guessed.at(secs)).await,
            wrong(left)
        );
    }
    let an_hour = TriedCode::Locked {
        until: guessed.at(3_600),
        budget: HOUR,
    };
    assert_eq!(guessed.guess_wrong(&new, guessed.at(3)).await, an_hour);
    for (secs, left) in [(3, 1), (4, 0)] {
        assert_eq!(
            guessed.guess_wrong(&old, guessed.at(secs)).await,
            wrong(left)
        );
    }
    let a_day = TriedCode::Locked {
        until: guessed.at(86_400),
        budget: DAY,
    };
    assert_eq!(guessed.guess_wrong(&new, guessed.at(5)).await, a_day);
    // The old one has used five of its fifteen.
    for secs in [60, 120] {
        let now = guessed.at(secs);
        guessed.issue(&old, now).await;
        for left in [4, 3, 2, 1, 0] {
            assert_eq!(guessed.guess_wrong(&old, now).await, wrong(left));
        }
    }
    let locked = TriedCode::Locked {
        until: guessed.at(86_400),
        budget: BUDGET,
    };
    assert_eq!(guessed.guess_wrong(&old, guessed.at(121)).await, locked);
}

/// Otherwise a server would never forget them.
#[tokio::test]
async fn s26_every_count_ends_with_its_own_window() {
    let Some(guessed) = Guessed::new().await else {
        return;
    };
    let signups = guessed.with(&[HOUR, DAY]);
    guessed.issue(&signups, guessed.start).await;
    assert_eq!(guessed.guess_wrong(&signups, guessed.start).await, wrong(2));
    let mut connection = raw(&guessed.url).await;
    for (window, most) in [("", 86_400_000), ("3600000:", 3_600_000)] {
        let left: i64 = redis::cmd("PTTL")
            .arg(guessed.name(window))
            .query_async(&mut connection)
            .await
            .unwrap();
        // Never shorter than promised (the test itself took some of it), and hardly longer.
        assert!(
            left > most - 20_000 && left <= most + 10_000,
            "{left} of {most}"
        );
    }
}
