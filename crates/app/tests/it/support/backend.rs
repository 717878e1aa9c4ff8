//! What a server stands on: embedded stores, or PostgreSQL and Redis.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::atomic::{AtomicU32, Ordering};

use kogents::config::Config;
use kogents_testkit::fault_proxy::FaultProxy;
use url::Url;

use super::database::TestDatabase;
use super::{Private, TestApp};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// What a server stands on. On servers, its database goes with this value.
pub(crate) enum Backend {
    /// SQLite and the in-process cache.
    Embedded,
    /// A database of its own, and names of its own in the cache.
    Servers {
        database: Option<TestDatabase>,
        settings: Vec<(&'static str, String)>,
    },
}

impl Backend {
    /// PostgreSQL and Redis as `TEST_DATABASE_URL` and `TEST_REDIS_URL` name them; None, with a
    /// line that says why, where they do not.
    pub(crate) async fn servers() -> Option<Self> {
        let database_url = variable("TEST_DATABASE_URL")?;
        let redis_url = variable("TEST_REDIS_URL")?;
        let database = TestDatabase::migrated(&database_url).await;
        Some(Self::on(database, &redis_url))
    }

    /// The same with a database that has no tables yet.
    pub(crate) async fn empty_servers() -> Option<Self> {
        let database_url = variable("TEST_DATABASE_URL")?;
        let redis_url = variable("TEST_REDIS_URL")?;
        let database = TestDatabase::empty(&database_url).await;
        Some(Self::on(database, &redis_url))
    }

    /// Servers with a cache that is this test's alone.
    pub(crate) async fn with_private_cache(redis: &Private) -> Option<Self> {
        let database_url = variable("TEST_DATABASE_URL")?;
        let database = TestDatabase::migrated(&database_url).await;
        Some(Self::on(database, &redis.url()))
    }

    fn on(database: TestDatabase, redis_url: &str) -> Self {
        let settings = settings(database.url(), redis_url);
        Self::Servers {
            database: Some(database),
            settings,
        }
    }

    /// A database server that is this test's alone, and the shared cache.
    pub(crate) fn with_private_database(postgres: &Private) -> Option<Self> {
        let redis_url = variable("TEST_REDIS_URL")?;
        Some(Self::Servers {
            database: None,
            settings: settings(&postgres.url(), &redis_url),
        })
    }

    /// The shared servers, each behind a proxy that can make it fail: the database's and the
    /// cache's. With the timeouts of every server.
    pub(crate) async fn behind_proxies() -> Option<(Self, FaultProxy, FaultProxy)> {
        let database_url = variable("TEST_DATABASE_URL")?;
        let redis_url = variable("TEST_REDIS_URL")?;
        let database = TestDatabase::migrated(&database_url).await;
        let (to_database, database_url) = proxied(database.url(), 5_432);
        let (to_cache, redis_url) = proxied(&redis_url, 6_379);
        let backend = Self::Servers {
            database: Some(database),
            settings: named(database_url, redis_url),
        };
        Some((backend, to_database, to_cache))
    }

    /// Private servers, with the timeouts of every server.
    pub(crate) fn private(postgres: &Private, redis: &Private) -> Self {
        Self::Servers {
            database: None,
            settings: named(postgres.url(), redis.url()),
        }
    }

    /// The settings that name it.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Embedded => Vec::new(),
            Self::Servers { settings, .. } => settings
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect(),
        }
    }

    /// One of these settings.
    pub(crate) fn setting(&self, name: &str) -> &str {
        let settings = self.settings();
        let found = settings.into_iter().find(|(known, _)| *known == name);
        found.expect("the backend has no such setting").1
    }

    /// The database's URL.
    pub(crate) fn database_url(&self) -> &str {
        match self {
            Self::Servers {
                database: Some(database),
                ..
            } => database.url(),
            Self::Servers { database: None, .. } | Self::Embedded => {
                panic!("there is no database of its own")
            }
        }
    }

    /// A server with the settings of development.
    pub(crate) async fn start(&self) -> TestApp {
        self.start_with(|_| {}).await
    }

    /// A server with some settings changed, also beyond what a configuration may say:
    /// `backend.start_with(|config| config.sizes.otp_max_attempts = 500)`.
    pub(crate) async fn start_with(&self, change: impl FnOnce(&mut Config)) -> TestApp {
        TestApp::start_on(self, change).await
    }
}

fn settings(database_url: &str, redis_url: &str) -> Vec<(&'static str, String)> {
    // What these tests are about is not how long a busy machine may take.
    let database_url = format!("{database_url}?pool_timeout=30&connect_timeout=20");
    named(database_url, redis_url.to_owned())
}

/// A proxy in front of the server of a URL, and the URL through it.
fn proxied(url: &str, default_port: u16) -> (FaultProxy, String) {
    let mut url = Url::parse(url).unwrap();
    let place = (url.host_str().unwrap(), url.port().unwrap_or(default_port));
    let server: Vec<SocketAddr> = place.to_socket_addrs().unwrap().collect();
    let proxy = FaultProxy::before(server[0]);
    let address = proxy.address();
    url.set_host(Some(&address.ip().to_string())).unwrap();
    url.set_port(Some(address.port())).unwrap();
    (proxy, url.to_string())
}

fn named(database_url: String, redis_url: String) -> Vec<(&'static str, String)> {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    vec![
        ("DATABASE_URL", database_url),
        ("REDIS_URL", redis_url),
        (
            "REDIS_PREFIX",
            format!("kogents-test-{}-{count}:", std::process::id()),
        ),
    ]
}

fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test servers are named by the environment"
    )]
    let value = std::env::var(name).ok();
    if value.is_none() {
        println!("skipped: {name} is not set");
    }
    value
}

/// Makes each of these functions a test on either backend.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::support::Backend;

            #[tokio::test(flavor = "multi_thread")]
            async fn embedded() {
                super::$name(&Backend::Embedded).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres_and_redis() {
                if let Some(backend) = Backend::servers().await {
                    super::$name(&backend).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both;
