//! The use cases that are measured, wired as the server has them, with a cache in this process.

use std::sync::Arc;

use kogents_adapter_crypto::{
    AeadSealer, HmacDigester, JwtAccessTokens, JwtRefreshTokens, KeyMaterial, Keys, SystemClock,
    SystemIds, SystemRandom,
};
use kogents_adapter_geoip::MmdbLocator;
use kogents_adapter_memory::{MemoryRateLimiter, MemorySessionStates};
use kogents_adapter_postgres::PgStore;
use kogents_adapter_useragent::UaDetector;
use kogents_domain::limits::LimitRules;
use kogents_domain::mail::OutboxSignal;
use kogents_domain::secret::SecretText;
use kogents_domain::session::Lifetimes;
use kogents_domain::time::Span;
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{Refresh, TokenMinter};
use kogents_usecases::limits::RateLimits;
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::{
    ActivityBook, EndSession, FlushActivity, ListSessions, NewDeviceNotices, OpenSession,
    SessionCapture, SessionGate, SessionOpener, SweepSessions,
};

/// Whose tokens these are; no server reads them.
const ISSUER: &str = "http://localhost";
/// How much the cache keeps.
const KEPT: usize = 200_000;
const DAY: i64 = 86_400;

/// As the server has them unless told otherwise; but old sessions are made live again, whose
/// refresh tokens have to be good.
const LIFETIMES: Lifetimes = Lifetimes {
    session_idle: Span::from_secs(7 * DAY),
    session_absolute: Span::from_secs(30 * DAY),
    refresh_idle: Span::from_secs(7 * DAY),
    refresh_absolute: Span::from_secs(400 * DAY),
    refresh_grace: Span::from_secs(30),
};

/// The use cases, over one store.
pub(super) struct Product {
    pub(super) open: OpenSession,
    pub(super) list: ListSessions,
    pub(super) refresh: Refresh,
    pub(super) end: EndSession,
    pub(super) flush: FlushActivity,
    pub(super) sweep: SweepSessions,
    pub(super) book: Arc<ActivityBook>,
    pub(super) minter: Arc<TokenMinter>,
}

/// Wakes nobody.
struct Silence;

impl OutboxSignal for Silence {
    fn wake(&self) {}
}

impl Product {
    /// Gives every use case its ports.
    pub(super) fn over(store: &PgStore) -> Self {
        let store = || Arc::new(store.clone());
        let clock = || Arc::new(SystemClock);
        let ids = Arc::new(SystemIds::default());
        let digester = Arc::new(HmacDigester::new(&keys()));
        let sealer = Arc::new(AeadSealer::new(&keys()));
        let limiter = MemoryRateLimiter::new(KEPT);
        let states = Arc::new(MemorySessionStates::new(KEPT, limiter.clone()));
        let book = Arc::new(ActivityBook {
            counters: states.clone(),
            local: Arc::new(MemorySessionStates::new(KEPT, limiter.clone())),
        });
        let gate = Arc::new(SessionGate { states });
        let audit = Arc::new(AuditDesk { ids: ids.clone() });
        let mail = Arc::new(MailDesk {
            sealer: sealer.clone(),
            digester: digester.clone(),
            ids: ids.clone(),
        });
        let minter = Arc::new(minter());
        let tokens = Arc::new(MailedTokens {
            digester: digester.clone(),
            sealer,
            ids: ids.clone(),
            random: Arc::new(SystemRandom::default()),
        });
        let opener = Arc::new(SessionOpener {
            capture: SessionCapture {
                detector: Arc::new(UaDetector::start()),
                locator: Arc::new(MmdbLocator::new(None)),
                digester: digester.clone(),
            },
            minter: minter.clone(),
            book: book.clone(),
            notices: NewDeviceNotices {
                tokens,
                mail: mail.clone(),
            },
            audit: audit.clone(),
            signal: Arc::new(Silence),
            store: store(),
            ids,
            session_limit: 25,
        });
        let session_idle = LIFETIMES.session_idle;
        Self {
            open: OpenSession {
                opener,
                store: store(),
                minter: minter.clone(),
                gate: gate.clone(),
                clock: clock(),
            },
            list: ListSessions {
                store: store(),
                book: book.clone(),
                session_idle,
                clock: clock(),
            },
            refresh: Refresh {
                limits: Arc::new(RateLimits {
                    limiter: Arc::new(limiter.clone()),
                    local: Arc::new(limiter),
                    rules: LimitRules::off(),
                    local_rules: LimitRules::off(),
                    digester: digester.clone(),
                }),
                store: store(),
                tokens: minter.refresh.clone(),
                minter: minter.clone(),
                book: book.clone(),
                gate: gate.clone(),
                mail,
                audit: audit.clone(),
                signal: Arc::new(Silence),
                clock: clock(),
            },
            end: EndSession {
                store: store(),
                digester,
                book: book.clone(),
                session_idle,
                gate,
                audit: audit.clone(),
                clock: clock(),
            },
            flush: FlushActivity {
                book: book.clone(),
                store: store(),
                clock: clock(),
            },
            sweep: SweepSessions {
                store: store(),
                book: book.clone(),
                session_idle,
                patience: Span::from_secs(60),
                audit,
                clock: clock(),
            },
            book,
            minter,
        }
    }
}

/// What mints tokens; the same each time.
pub(super) fn minter() -> TokenMinter {
    let (secrets, ttl) = (secrets(), Span::from_secs(900));
    let digester = Arc::new(HmacDigester::new(&keys()));
    let (access, refresh) = (secrets.access_secrets(), secrets.refresh_secrets());
    let ids = Arc::new(SystemIds::default());
    let idle = LIFETIMES.refresh_idle;
    TokenMinter {
        access: Arc::new(JwtAccessTokens::new(ISSUER, &access, ttl, ids)),
        refresh: Arc::new(JwtRefreshTokens::new(
            ISSUER,
            &refresh,
            idle,
            digester.clone(),
        )),
        digester,
        access_ttl: ttl,
        lifetimes: LIFETIMES,
    }
}

fn keys() -> Keys {
    Keys::derive(&secrets())
}

/// Secrets that guard nothing.
fn secrets() -> KeyMaterial {
    KeyMaterial {
        encryption_key: SecretText::new("an encryption key that guards nothing at all"),
        encryption_salt: SecretText::new("a salt that guards nothing at all"),
        previous_encryption_key: None,
        secret_key: None,
        jwt_secret: SecretText::new("an access token secret that guards nothing at all"),
        jwt_secret_previous: None,
        jwt_refresh_secret: SecretText::new("a refresh token secret that guards nothing"),
        jwt_refresh_secret_previous: None,
    }
}
