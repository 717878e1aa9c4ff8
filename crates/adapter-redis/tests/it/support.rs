//! Caches on servers under test, and short forms that the tests share.

use std::time::{Duration, Instant};

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncConnectionConfig, Client};
use kogents_adapter_redis::{RedisCache, RedisPendingSignups, RedisSessionStates, RedisSettings};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::ids::WorkspaceId;
use kogents_domain::limits::LimitRules;
use kogents_domain::secret::SecretText;
use kogents_domain::session::{SessionSnapshot, SessionStates, Touch};
use kogents_domain::signup::{CodeTry, IssueCode, IssuedCode, PendingSignups, TriedCode};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::{a_new_pending, real_now, unique_digest, unique_id, unique_word};
use kogents_testkit::pending_signups_contract::POLICY;
use kogents_testkit::session_states_contract::{a_snapshot, request_of, vouched_for};

/// How soon a cache that is back has to be used again.
pub(crate) const RECOVERY: Duration = Duration::from_secs(5);

/// Says why a test does nothing.
#[expect(clippy::print_stdout, reason = "says why the test did nothing")]
pub(crate) fn skipped(why: &str) {
    println!("skipped: {why}");
}

/// The shared server's URL, or None with a line that says why the test does nothing.
pub(crate) fn server_url() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test server is named by the environment"
    )]
    let url = std::env::var("TEST_REDIS_URL").ok();
    if url.is_none() {
        skipped("TEST_REDIS_URL is not set");
    }
    url
}

/// Settings under a prefix that no other test has.
pub(crate) fn settings(url: &str) -> RedisSettings {
    RedisSettings {
        prefix: format!("test:{}:", unique_word()),
        ..RedisSettings::new(SecretText::new(url))
    }
}

/// The same, waiting as long as a slow machine needs, for tests that are not about waiting.
pub(crate) fn patient(url: &str) -> RedisSettings {
    let long = Duration::from_secs(20);
    RedisSettings {
        wait_timeout: long,
        connect_timeout: long,
        response_timeout: long,
        ..settings(url)
    }
}

/// A cache on the shared server.
pub(crate) async fn shared_cache() -> Option<RedisCache> {
    let settings = patient(&server_url()?);
    Some(RedisCache::connect(settings).await.unwrap())
}

/// A connection for whatever the ports do not do.
pub(crate) async fn raw(url: &str) -> MultiplexedConnection {
    let long = Some(Duration::from_secs(20));
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(long)
        .set_response_timeout(long);
    Client::open(url)
        .unwrap()
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .unwrap()
}

/// One session of one person, as one instance sees it.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) states: RedisSessionStates,
    pub(crate) snapshot: SessionSnapshot,
    pub(crate) start: Timestamp,
}

impl Person {
    pub(crate) fn new(cache: &RedisCache) -> Self {
        let start = real_now();
        Self {
            states: cache.session_states(),
            snapshot: SessionSnapshot {
                workspace_id: Some(WorkspaceId::from_uuid(unique_id())),
                ..a_snapshot(start)
            },
            start,
        }
    }

    /// A person whose session is known.
    pub(crate) async fn known(cache: &RedisCache) -> Self {
        let person = Self::new(cache);
        person.make_known(person.start).await;
        person
    }

    /// The same person as another instance sees it.
    pub(crate) fn at_instance(&self, cache: &RedisCache) -> Self {
        Self {
            states: cache.session_states(),
            ..self.clone()
        }
    }

    pub(crate) fn at(&self, secs: i64) -> Timestamp {
        self.start.plus(Span::from_secs(secs))
    }

    pub(crate) async fn touch(&self, now: Timestamp) -> Result<Touch, CacheError> {
        let request = request_of(&self.snapshot, &LimitRules::off(), now);
        let touched = self.states.touch(&request).await?;
        Ok(touched.touch)
    }

    pub(crate) async fn version(&self, now: Timestamp) -> u64 {
        match self.touch(now).await.unwrap() {
            Touch::Unknown { version } => version,
            other @ (Touch::Known(_) | Touch::Fenced) => panic!("not unknown: {other:?}"),
        }
    }

    pub(crate) async fn put(&self, version: u64, now: Timestamp) {
        self.try_put(version, now).await.unwrap();
    }

    pub(crate) async fn try_put(&self, version: u64, now: Timestamp) -> Result<(), CacheError> {
        let vouched = vouched_for(&self.snapshot, Some(version), now);
        self.states.put(&vouched).await
    }

    pub(crate) async fn make_known(&self, now: Timestamp) {
        let version = self.version(now).await;
        self.put(version, now).await;
        assert_eq!(self.touch(now).await, Ok(Touch::Known(self.snapshot)));
    }

    /// A request of a session that is known.
    pub(crate) async fn make_counted(&self, now: Timestamp) {
        assert_eq!(self.touch(now).await, Ok(Touch::Known(self.snapshot)));
    }

    /// Asks until the cache answers, which it has to within the time it has to recover.
    pub(crate) async fn touch_when_back(&self, now: Timestamp) -> Touch {
        let waiting = Instant::now();
        loop {
            match self.touch(now).await {
                Ok(touch) => return touch,
                Err(error) => assert!(waiting.elapsed() < RECOVERY, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A signup with a workspace.
#[derive(Clone)]
pub(crate) struct Signup {
    pub(crate) signups: RedisPendingSignups,
    pub(crate) key: Digest,
    pub(crate) start: Timestamp,
}

impl Signup {
    pub(crate) async fn new(cache: &RedisCache) -> Self {
        Self::named(cache, unique_digest()).await
    }

    pub(crate) async fn named(cache: &RedisCache, key: Digest) -> Self {
        let signup = Self {
            signups: cache.pending_signups(POLICY),
            key,
            start: real_now(),
        };
        let mut new = a_new_pending().build();
        new.key = key;
        signup.signups.create(new, signup.start).await.unwrap();
        let loaded = signup.signups.load(key, signup.start).await.unwrap();
        let version = loaded.unwrap().version;
        let chosen = b"chosen".to_vec();
        signup
            .signups
            .set_workspace(key, version, chosen, signup.start)
            .await
            .unwrap();
        signup
    }

    /// The same signup as another instance sees it.
    pub(crate) fn at_instance(&self, cache: &RedisCache) -> Self {
        Self {
            signups: cache.pending_signups(POLICY),
            ..self.clone()
        }
    }

    pub(crate) async fn issue(&self, code: Digest) {
        let (key, now) = (self.key, self.start);
        let issued = self.signups.issue_code(IssueCode { key, code, now }).await;
        assert!(
            matches!(issued, Ok(IssuedCode::Issued { .. })),
            "{issued:?}"
        );
    }

    pub(crate) async fn guess(&self, code: Digest) -> Result<TriedCode, CacheError> {
        let (key, now) = (self.key, self.start);
        self.signups.try_code(CodeTry { key, code, now }).await
    }
}

pub(crate) const fn is_right(tried: &Result<TriedCode, CacheError>) -> bool {
    matches!(tried, Ok(TriedCode::Right { .. }))
}

pub(crate) const fn is_wrong(tried: &Result<TriedCode, CacheError>) -> bool {
    matches!(tried, Ok(TriedCode::Wrong { .. }))
}

pub(crate) const fn is_unavailable<T>(result: &Result<T, CacheError>) -> bool {
    matches!(result, Err(CacheError::Unavailable(_)))
}
