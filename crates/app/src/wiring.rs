//! The wiring: which adapter stands behind which port, which port each use case gets, and what
//! the HTTP side is made of. It reads like a list, and it is the only one.

mod cache;
mod database;
mod geography;
mod mail;
mod observed;
mod operator;
mod place;
mod sweeps;
mod upkeep;
mod use_cases;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use kogents_adapter_crypto::{
    AeadSealer, Argon2Hasher, HmacDigester, JwtAccessTokens, JwtRefreshTokens, KeyMaterial, Keys,
    SystemIds, SystemRandom,
};
use kogents_adapter_geoip::MmdbLocator;
use kogents_adapter_useragent::UaDetector;
use kogents_domain::auth::{AccessTokens, PasswordHasher, PasswordStrength, RefreshTokens};
use kogents_domain::background::Background;
use kogents_domain::digest::{Digester, Sealer};
use kogents_domain::health::{DatabaseInspector, Probe};
use kogents_domain::ids::IdGenerator;
use kogents_domain::limits::RateLimiter;
use kogents_domain::mail::{MailRenderer, MailboxReader, Mailer};
use kogents_domain::random::SecureRandom;
use kogents_domain::session::{DeviceDetector, GeoLocator, SessionCounters, SessionStates};
use kogents_domain::signup::{CodePolicy, PendingSignups};
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span};
use kogents_http::{ForwardingWarning, Http, HttpMetrics, HttpSettings, Origin, Readiness};
use kogents_usecases::auth::{AccountCounts, HeedNotices};
use kogents_usecases::mail::{LaneRests, MailDesk};
use kogents_usecases::session::{ActivityBook, SessionGate};
use prometheus::Registry;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::background::{
    ActivityFlusher, DatabaseWatch, GeographyWatch, MailQueueWatch, MailSignal, MailWorker,
    NoticeReader, Sweeper, Upkeep,
};
use crate::config::{Cache, Config};
use crate::descriptors;
use crate::failure::Failure;
use crate::figures::{DatabaseFigures, MailFigures, UpkeepFigures, register_build};
use crate::measured::MeasuredPasswords;
use crate::observed::QueryLog;

pub(crate) use cache::{OpenCache, redis_settings};
pub(crate) use database::{OpenDatabase, open_postgres, open_sqlite, open_store, postgres_options};
pub(crate) use mail::{outgoing, renderer, smtp_mailer};
pub(crate) use observed::{ObservedDatabase, observe};
pub(crate) use operator::{Operator, clock};
use place::place;
pub(crate) use sweeps::Sweeps;
use sweeps::SweptPorts;

/// The program's version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long one use case may take: longer than stores, caches and the queue for hashing may take
/// together, so that it is passed only where one of them does not keep its own limit.
const REQUEST_DEADLINE: Duration = Duration::from_secs(10);
/// How long a client may take to send a head.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long a client may take to send a body.
const BODY_DEADLINE: Duration = Duration::from_secs(30);
/// How long a client may leave an answer unread.
const ANSWER_DEADLINE: Duration = Duration::from_secs(30);
/// How long answers that are under way are waited for at shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// What the adapters are made from.
pub(crate) struct Given<'a> {
    pub(crate) config: &'a Config,
    pub(crate) registry: &'a Registry,
    pub(crate) public_url: &'a Url,
    pub(crate) keys: &'a KeyMaterial,
    pub(crate) database: ObservedDatabase,
    pub(crate) database_probe: Arc<dyn Probe>,
    pub(crate) cache: OpenCache,
    pub(crate) locator: Arc<MmdbLocator>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) background: Arc<dyn Background>,
}

/// The adapters, each behind its port.
#[expect(
    missing_docs,
    reason = "each field is named after its port, which is documented"
)]
pub struct Adapters {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdGenerator>,
    pub random: Arc<dyn SecureRandom>,
    pub background: Arc<dyn Background>,
    pub store: Arc<dyn Store>,
    pub pending: Arc<dyn PendingSignups>,
    pub states: Arc<dyn SessionStates>,
    pub counters: Arc<dyn SessionCounters>,
    /// Counts in this process while the other gives no answer.
    pub local_counters: Arc<dyn SessionCounters>,
    pub limiter: Arc<dyn RateLimiter>,
    /// Counts in this process while the other gives no answer.
    pub local_limiter: Arc<dyn RateLimiter>,
    pub digester: Arc<dyn Digester>,
    pub sealer: Arc<dyn Sealer>,
    pub access_tokens: Arc<dyn AccessTokens>,
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    pub hasher: Arc<dyn PasswordHasher>,
    pub strength: Arc<dyn PasswordStrength>,
    pub renderer: Arc<dyn MailRenderer>,
    pub mailer: Arc<dyn Mailer>,
    pub locator: Arc<dyn GeoLocator>,
    pub detector: Arc<dyn DeviceDetector>,
    /// There in development without a mail server only.
    pub mailbox: Option<Arc<dyn MailboxReader>>,
    pub(crate) mail_signal: Arc<MailSignal>,
    pub(crate) database_probe: Arc<dyn Probe>,
    pub(crate) inspector: Arc<dyn DatabaseInspector>,
    pub(crate) queries: Arc<QueryLog>,
    pub(crate) database_figures: DatabaseFigures,
    pub(crate) cache_probe: Arc<dyn Probe>,
    pub(crate) mail_probe: Arc<dyn Probe>,
    /// The locator again, which is watched and asked for its health.
    pub(crate) geoip: Arc<MmdbLocator>,
}

/// Opens the database that the configuration asks for.
pub(crate) async fn open_database(config: &Config) -> Result<OpenDatabase, Failure> {
    database::open(&config.stores, &config.server.data_dir).await
}

/// Opens the cache that the configuration asks for.
pub(crate) async fn open_cache(config: &Config, registry: &Registry) -> Result<OpenCache, Failure> {
    cache::open(&config.stores.cache, code_policy(config), registry).await
}

/// Loads the IP database that the configuration asks for.
pub(crate) async fn open_locator(config: &Config) -> Arc<MmdbLocator> {
    geography::open(&config.geography).await
}

/// Puts an adapter behind every port.
pub(crate) fn adapters(given: Given<'_>) -> Result<Adapters, Failure> {
    let config = given.config;
    let issuer = given.public_url.as_str().trim_end_matches('/');
    let keys = Keys::derive(given.keys);
    let ids: Arc<dyn IdGenerator> = Arc::new(SystemIds::new(given.clock.clone()));
    let digester: Arc<dyn Digester> = Arc::new(HmacDigester::new(&keys));
    let hashes = NonZeroUsize::new(config.sizes.password_hash_concurrency);
    let hasher = Argon2Hasher::new(hashes.unwrap_or(NonZeroUsize::MIN));
    let hasher = hasher.map_err(|error| setup("password hashing", &error))?;
    let hasher = MeasuredPasswords::new(hasher, given.registry);
    let hasher = Arc::new(hasher.map_err(|error| setup("the figures", &error))?);
    let mail = mail::outgoing(&config.mail, given.clock.clone())?;
    Ok(Adapters {
        access_tokens: Arc::new(JwtAccessTokens::new(
            issuer,
            &given.keys.access_secrets(),
            config.lifetimes.access_token,
            ids.clone(),
        )),
        refresh_tokens: Arc::new(JwtRefreshTokens::new(
            issuer,
            &given.keys.refresh_secrets(),
            config.lifetimes.refresh_idle,
            digester.clone(),
        )),
        clock: given.clock,
        ids,
        random: Arc::new(SystemRandom::default()),
        background: given.background,
        store: given.database.store,
        inspector: given.database.inspector,
        queries: given.database.queries,
        database_figures: given.database.figures,
        database_probe: given.database_probe,
        pending: given.cache.pending,
        states: given.cache.states,
        counters: given.cache.counters,
        local_counters: given.cache.local_counters,
        limiter: given.cache.limiter,
        local_limiter: given.cache.local_limiter,
        cache_probe: given.cache.probe,
        digester,
        sealer: Arc::new(AeadSealer::new(&keys)),
        hasher: hasher.clone(),
        strength: hasher,
        renderer: mail::renderer(issuer, config)?,
        mailer: mail.mailer,
        mailbox: mail.mailbox,
        mail_probe: mail.probe,
        locator: given.locator.clone(),
        detector: Arc::new(UaDetector::start()),
        geoip: given.locator,
        mail_signal: Arc::new(MailSignal::default()),
    })
}

const fn code_policy(config: &Config) -> CodePolicy {
    CodePolicy {
        ttl: config.lifetimes.otp,
        resend_pause: config.lifetimes.otp_resend,
        max_attempts: config.sizes.otp_max_attempts,
        address_budgets: config.limits.confirm_email,
    }
}

/// What runs: the HTTP side and the background tasks.
pub(crate) struct Wired {
    pub(crate) http: Http,
    pub(crate) mail_workers: [MailWorker; 2],
    pub(crate) mail_queue: MailQueueWatch,
    pub(crate) database: DatabaseWatch,
    pub(crate) sweeper: Sweeper,
    pub(crate) notices: NoticeReader,
    pub(crate) geography: GeographyWatch,
    pub(crate) activity: ActivityFlusher,
    pub(crate) upkeep: Upkeep,
}

/// Gives every use case its ports, and the HTTP side its use cases.
pub(crate) fn wire(
    config: &Config,
    public_url: &Url,
    adapters: &Adapters,
    readiness: &Arc<Readiness>,
    registry: &Registry,
    tasks: TaskTracker,
) -> Result<Wired, Failure> {
    let metrics = HttpMetrics::new(registry);
    register_build(registry, VERSION).map_err(|error| setup("the figures", &error))?;
    let desk = Arc::new(MailDesk {
        sealer: adapters.sealer.clone(),
        digester: adapters.digester.clone(),
        ids: adapters.ids.clone(),
    });
    let book = Arc::new(ActivityBook {
        counters: adapters.counters.clone(),
        local: adapters.local_counters.clone(),
    });
    let figures = UpkeepFigures::new(
        registry,
        adapters.clock.clone(),
        (config.sizes.session_minimise, config.sizes.session_keep),
    );
    let figures = figures.map_err(|error| setup("the figures", &error))?;
    let mail_figures = MailFigures::new(registry);
    let mail_figures = mail_figures.map_err(|error| setup("the figures", &error))?;
    let rests = Arc::new(LaneRests::new(adapters.random.clone()));
    let told = MailFigures::tell_rests(registry, rests.clone());
    told.map_err(|error| setup("the figures", &error))?;
    let http = Http {
        settings: http_settings(config, public_url)?,
        use_cases: use_cases::wire(config, adapters, &desk, &book),
        mailbox: adapters.mailbox.clone(),
        digester: adapters.digester.clone(),
        ids: adapters.ids.clone(),
        metrics: metrics.map_err(|error| setup("the figures", &error))?,
        runtime: tokio::runtime::Handle::current(),
        tasks,
        forwarding: ForwardingWarning::default(),
        readiness: readiness.clone(),
        version: VERSION,
        started: adapters.clock.now(),
    };
    let sweeps = Sweeps::of(
        config,
        SweptPorts {
            store: adapters.store.clone(),
            book: book.clone(),
            ids: adapters.ids.clone(),
            clock: adapters.clock.clone(),
        },
    );
    Ok(Wired {
        http,
        mail_workers: mail::workers(adapters, &desk, &mail_figures, &rests),
        mail_queue: mail::queue_watch(adapters, mail_figures),
        database: DatabaseWatch {
            inspector: adapters.inspector.clone(),
            queries: adapters.queries.clone(),
            figures: adapters.database_figures.clone(),
        },
        sweeper: upkeep::rows(config, &sweeps, figures.clone()),
        notices: notices(config, adapters),
        geography: GeographyWatch::new(adapters.geoip.clone()),
        activity: upkeep::activity(config, adapters, &book, figures.clone()),
        upkeep: upkeep::tables(config, adapters, &sweeps, figures),
    })
}

fn notices(config: &Config, adapters: &Adapters) -> NoticeReader {
    NoticeReader {
        interval: match &config.stores.cache {
            // What a command does is to hold within a second.
            Cache::InProcess => Duration::from_millis(500),
            // The command tells this cache itself, unless it cannot.
            Cache::Redis(_) => Duration::from_secs(5),
        },
        heed: Arc::new(HeedNotices {
            store: adapters.store.clone(),
            gate: Arc::new(SessionGate {
                states: adapters.states.clone(),
            }),
            counts: Arc::new(AccountCounts {
                limiter: adapters.limiter.clone(),
                pending: adapters.pending.clone(),
                digester: adapters.digester.clone(),
            }),
            clock: adapters.clock.clone(),
            since: adapters.clock.now().minus(Span::from_secs(60)),
            heeded: std::sync::Mutex::default(),
        }),
    }
}

fn http_settings(config: &Config, public_url: &Url) -> Result<HttpSettings, Failure> {
    let origins = config.server.allowed_origins.iter();
    let origins: Result<Vec<Origin>, _> = origins.map(|origin| Origin::parse(origin)).collect();
    Ok(HttpSettings {
        public_url: public_url.clone(),
        dashboard_url: config.server.dashboard_url.clone(),
        allowed_origins: origins.map_err(|error| setup("ALLOWED_ORIGINS", &error))?,
        development: !config.mode.is_production(),
        health_token: config.keys.health_token.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        request_deadline: REQUEST_DEADLINE,
        head_deadline: HEAD_DEADLINE,
        body_deadline: BODY_DEADLINE,
        answer_deadline: ANSWER_DEADLINE,
        max_connections: descriptors::connections(),
        shutdown_timeout: SHUTDOWN_TIMEOUT,
    })
}

fn setup(part: &'static str, error: &dyn std::error::Error) -> Failure {
    Failure::Setup {
        part,
        reason: error.to_string(),
    }
}
