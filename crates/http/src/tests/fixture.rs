//! A server for the unit tests of this crate: its ports are mocks, its store is away.

mod access;
pub(crate) mod health;
mod mailbox;
mod people;
mod profile;
mod stores;
mod workspaces;

pub(crate) use mailbox::OneMail;
pub(crate) use stores::{FailingStore, INTERNALS, NoStore, PanickingStore};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::dev::ServiceResponse;
use actix_web::test::{self, TestRequest};
use actix_web::web;
use kogents_domain::access::PermissionSet;
use kogents_domain::auth::{
    AccessClaims, AccessTokens, MockPasswordHasher, MockPasswordStrength, RefreshClaims,
    RefreshTokens, TokenError,
};
use kogents_domain::background::{Background, Work};
use kogents_domain::digest::{Digest, Digester, MockDigester, MockSealer};
use kogents_domain::ids::{IdGenerator, SessionId, UserId, WorkspaceId};
use kogents_domain::limits::{Limit, LimitRules, MockRateLimiter, Taken};
use kogents_domain::mail::MockOutboxSignal;
use kogents_domain::random::{MockSecureRandom, SecureRandom};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{
    Device, DeviceType, IpPlace, Lifetimes, MockDeviceDetector, MockGeoLocator,
    MockSessionCounters, MockSessionStates, SessionCounters, SessionSnapshot, SessionStates, Touch,
    Touched,
};
use kogents_domain::signup::{CodePolicy, GuessBudgets, MockPendingSignups};
use kogents_domain::store::Store;
use kogents_domain::time::{Clock, Span, Timestamp};
use kogents_testkit::fakes::FakeDigester;
use kogents_usecases::audit::{AuditDesk, ListAudit};
use kogents_usecases::auth::{
    AssessPassword, Authenticate, ConfirmEmail, ConfirmPasswordReset, Credentials, LogIn, LogOut,
    ReadProfile, Refresh, ReportNotMe, RequestPasswordReset, ResetDesk, TokenMinter,
};
use kogents_usecases::limits::{AdmitRequest, RateLimits};
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::{
    ActivityBook, Admission, CountAction, EndOtherSessions, EndSession, FillSession, ListSessions,
    NewDeviceNotices, OpenSession, ReportActivity, SessionCapture, SessionGate, SessionOpener,
};
use kogents_usecases::signup::{
    AccountExists, ChooseWorkspace, ConfirmCode, DraftBox, ResumeSignup, SendCode, SignUp,
};
use uuid::Uuid;

use crate::client_address::ForwardingWarning;
use crate::metrics::HttpMetrics;
use crate::origin::Origin;
use crate::readiness::Readiness;
use crate::server;
use crate::settings::HttpSettings;
use crate::state::{Http, UseCases};
use tokio_util::task::TaskTracker;

/// An access token of a session in no workspace.
pub(crate) const TOKEN: &str = "a.good.token";
/// An access token of a session in a workspace, whose person may do everything there.
pub(crate) const MEMBER_TOKEN: &str = "a.members.token";

/// Opens what is told of the database.
pub(crate) const HEALTH_TOKEN: &str = "the-health-token-of-these-tests-0123456789";

const ID: &str = "0192f3c0-1111-7abc-8def-0123456789ab";
const MEMBER_ID: &str = "0192f3c0-3333-7abc-8def-0123456789ab";

pub(crate) fn settings() -> HttpSettings {
    HttpSettings {
        public_url: "http://localhost:3000".parse().unwrap(),
        dashboard_url: None,
        allowed_origins: vec![Origin::parse("https://app.example.com").unwrap()],
        development: false,
        health_token: Some(SecretText::new(HEALTH_TOKEN)),
        trusted_proxies: Vec::new(),
        request_deadline: Duration::from_secs(5),
        head_deadline: Duration::from_secs(10),
        body_deadline: Duration::from_secs(30),
        answer_deadline: Duration::from_secs(30),
        max_connections: 1_000,
        shutdown_timeout: Duration::from_secs(1),
    }
}

/// A server with these settings, on the runtime of the test; its store is away.
pub(crate) fn http(settings: HttpSettings) -> Http {
    http_over(settings, Arc::new(NoStore))
}

/// A server with another store.
pub(crate) fn http_over(settings: HttpSettings, store: Arc<dyn Store>) -> Http {
    let readiness = Readiness::new();
    readiness.set_migrated();
    Http {
        settings,
        use_cases: use_cases(store),
        mailbox: None,
        digester: Arc::new(MockDigester::new()),
        ids: Arc::new(CountingIds::default()),
        metrics: HttpMetrics::new(&prometheus::Registry::new()).unwrap(),
        runtime: tokio::runtime::Handle::current(),
        tasks: TaskTracker::new(),
        forwarding: ForwardingWarning::default(),
        readiness: Arc::new(readiness),
        version: "0.0.0",
        started: Timestamp::from_millis(0),
    }
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_727_000_000_000)
    }
}

/// The clock of the fixture's servers, which stands still.
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock)
}

/// Makes one id after another.
#[derive(Default)]
pub(super) struct CountingIds(AtomicU64);

impl IdGenerator for CountingIds {
    fn next(&self) -> Uuid {
        let count = u128::from(self.0.fetch_add(1, Ordering::Relaxed));
        Uuid::from_u128(Uuid::parse_str(ID).unwrap().as_u128() + count)
    }
}

struct NoBackground;

impl Background for NoBackground {
    fn spawn(&self, _: &'static str, _: Work) {}
}

/// Takes [`TOKEN`] and [`MEMBER_TOKEN`] and nothing else.
struct TwoTokens;

impl AccessTokens for TwoTokens {
    fn mint(&self, _: &AccessClaims) -> SecretText {
        SecretText::new(TOKEN)
    }
    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let session = match token {
            TOKEN => ID,
            MEMBER_TOKEN => MEMBER_ID,
            _ => return Err(TokenError::Invalid),
        };
        let session_id = SessionId::parse(session).unwrap();
        Ok(AccessClaims {
            user_id: UserId::parse(ID).unwrap(),
            session_id,
            workspace_id: workspace_of(session_id),
            issued_at: now,
            expires_at: now.plus(Span::from_secs(900)),
        })
    }
}

/// Takes no refresh token.
struct NoRefreshTokens;

impl RefreshTokens for NoRefreshTokens {
    fn mint(&self, _: &RefreshClaims) -> SecretText {
        SecretText::new("")
    }
    fn read(&self, _: &str, _: Timestamp) -> Result<RefreshClaims, TokenError> {
        Err(TokenError::Invalid)
    }
    fn owner(&self, _: &str) -> Option<UserId> {
        None
    }
}

/// The workspace of a session.
fn workspace_of(session: SessionId) -> Option<WorkspaceId> {
    let member = SessionId::parse(MEMBER_ID).unwrap();
    (session == member).then(|| WorkspaceId::parse(ID).unwrap())
}

/// Every session is live, and may do everything in its workspace.
fn states() -> Arc<dyn SessionStates> {
    let mut states = MockSessionStates::new();
    states.expect_touch().returning(|touching| {
        let workspace_id = workspace_of(touching.session_id);
        let held = match workspace_id {
            Some(_) => PermissionSet::all(),
            None => PermissionSet::EMPTY,
        };
        Ok(Touched {
            touch: Touch::Known(SessionSnapshot {
                session_id: touching.session_id,
                user_id: touching.user_id,
                workspace_id,
                idle_expires_at: touching.now.plus(Span::from_secs(60)),
                absolute_expires_at: touching.now.plus(Span::from_secs(60)),
                held,
            }),
            heard_at: Some(touching.now),
            taken: Some(Taken::default()),
        })
    });
    states
        .expect_fence()
        .returning(|_, _| Ok(kogents_domain::session::Fence(1)));
    states.expect_lift().returning(|_, _, _| Ok(()));
    Arc::new(states)
}

fn digester_of_addresses() -> MockDigester {
    let mut digester = MockDigester::new();
    digester
        .expect_address()
        .returning(|_| Digest::from_bytes([0; 32]));
    digester
}

fn digester_of_secrets() -> MockDigester {
    let mut digester = MockDigester::new();
    digester
        .expect_random_secret()
        .returning(|_| Digest::from_bytes([0; 32]));
    digester
}

/// Nothing is counted that the database has not got.
fn counters() -> Arc<dyn SessionCounters> {
    let mut counters = MockSessionCounters::new();
    counters
        .expect_look()
        .returning(|sessions, _| Ok(vec![None; sessions.len()]));
    Arc::new(counters)
}

fn random() -> Arc<dyn SecureRandom> {
    let mut random = MockSecureRandom::new();
    random.expect_bytes_32().returning(|| [7; 32]);
    Arc::new(random)
}

/// The use cases over these ports, with every dependency up but the IP database, which is not
/// configured.
fn use_cases(store: Arc<dyn Store>) -> UseCases {
    let clock = clock();
    let ids: Arc<dyn IdGenerator> = Arc::new(CountingIds::default());
    let random = random();
    let digester: Arc<dyn Digester> = Arc::new(MockDigester::new());
    let access_tokens: Arc<dyn AccessTokens> = Arc::new(TwoTokens);
    let refresh_tokens: Arc<dyn RefreshTokens> = Arc::new(NoRefreshTokens);
    let audit = Arc::new(AuditDesk {
        ids: Arc::clone(&ids),
    });
    let states = states();
    let gate = Arc::new(SessionGate {
        states: Arc::clone(&states),
    });
    // Which limits there are is tested where they are counted.
    let limits = Arc::new(RateLimits {
        limiter: Arc::new(MockRateLimiter::new()),
        local: Arc::new(MockRateLimiter::new()),
        rules: LimitRules::off(),
        local_rules: LimitRules::off(),
        digester: Arc::new(digester_of_addresses()),
    });
    let policy = CodePolicy {
        ttl: Span::from_secs(600),
        resend_pause: Span::from_secs(60),
        max_attempts: 5,
        address_budgets: GuessBudgets::one(Limit::new(15, Span::from_secs(86_400))),
    };
    let strength = Arc::new(MockPasswordStrength::new());
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_is_busy().returning(|| false);
    let hasher = Arc::new(hasher);
    let signal = Arc::new(MockOutboxSignal::new());
    let sealer = Arc::new(MockSealer::new());
    let drafts = Arc::new(DraftBox {
        pending: Arc::new(MockPendingSignups::new()),
        sealer: sealer.clone(),
        digester: Arc::clone(&digester),
    });
    let tokens = Arc::new(MailedTokens {
        digester: Arc::new(digester_of_secrets()),
        sealer: sealer.clone(),
        ids: Arc::clone(&ids),
        random: Arc::clone(&random),
    });
    let mail = Arc::new(MailDesk {
        sealer,
        ids: Arc::clone(&ids),
        digester: Arc::clone(&digester),
    });
    let resets = Arc::new(ResetDesk {
        tokens: Arc::clone(&tokens),
        mail: Arc::clone(&mail),
    });
    let account_exists = Arc::new(AccountExists {
        mail: Arc::clone(&mail),
    });
    let minter = Arc::new(TokenMinter {
        access: Arc::clone(&access_tokens),
        refresh: Arc::clone(&refresh_tokens),
        digester: Arc::new(FakeDigester),
        access_ttl: Span::from_secs(900),
        lifetimes: Lifetimes {
            session_idle: Span::from_secs(60),
            session_absolute: Span::from_secs(60),
            refresh_idle: Span::from_secs(60),
            refresh_absolute: Span::from_secs(60),
            refresh_grace: Span::from_secs(30),
        },
    });
    let session_idle = minter.lifetimes.session_idle;
    let book = Arc::new(ActivityBook {
        counters: counters(),
        local: counters(),
    });
    let admission = Arc::new(Admission {
        states,
        book: Arc::clone(&book),
        limits: Arc::clone(&limits),
        store: Arc::clone(&store),
        session_idle,
    });
    let opener = Arc::new(SessionOpener {
        capture: SessionCapture {
            detector: Arc::new(unknown_device()),
            locator: Arc::new(nowhere()),
            digester: Arc::new(FakeDigester),
        },
        minter: Arc::clone(&minter),
        book: Arc::clone(&book),
        notices: NewDeviceNotices {
            tokens: Arc::clone(&tokens),
            mail: Arc::clone(&mail),
        },
        audit: Arc::clone(&audit),
        signal: signal.clone(),
        store: Arc::clone(&store),
        ids: Arc::clone(&ids),
        session_limit: 25,
    });
    let access = access::use_cases(&store, &gate, &audit, &clock);
    let credentials = Arc::new(Credentials {
        limits: Arc::clone(&limits),
        refresh_tokens: Arc::clone(&refresh_tokens),
        store: Arc::clone(&store),
        hasher: hasher.clone(),
        audit: Arc::clone(&audit),
        clock: Arc::clone(&clock),
    });
    let authenticate = Arc::new(Authenticate {
        tokens: Arc::clone(&access_tokens),
        admission: Arc::clone(&admission),
        clock: Arc::clone(&clock),
    });
    let people = people::use_cases(&people::Shared {
        store: Arc::clone(&store),
        credentials: Arc::clone(&credentials),
        authenticate: Arc::clone(&authenticate),
        hasher: hasher.clone(),
        strength: strength.clone(),
        tokens: Arc::clone(&tokens),
        mail: Arc::clone(&mail),
        signal: signal.clone(),
        opener: Arc::clone(&opener),
        minter: Arc::clone(&minter),
        gate: Arc::clone(&gate),
        audit: Arc::clone(&audit),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
    });
    let read_profile = Arc::new(ReadProfile {
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
    });
    let profile = profile::use_cases(&profile::Shared {
        store: Arc::clone(&store),
        credentials: Arc::clone(&credentials),
        profiles: Arc::clone(&read_profile),
        hasher: hasher.clone(),
        strength: strength.clone(),
        tokens: Arc::clone(&tokens),
        mail: Arc::clone(&mail),
        signal: signal.clone(),
        gate: Arc::clone(&gate),
        audit: Arc::clone(&audit),
        clock: Arc::clone(&clock),
    });
    UseCases {
        sign_up: Arc::new(SignUp {
            limits: Arc::clone(&limits),
            drafts: Arc::clone(&drafts),
            store: Arc::clone(&store),
            hasher: hasher.clone(),
            strength: strength.clone(),
            account_exists: Arc::clone(&account_exists),
            signal: signal.clone(),
            background: Arc::new(NoBackground),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            random: Arc::clone(&random),
            signup_ttl: Span::from_secs(86_400),
        }),
        choose_workspace: Arc::new(ChooseWorkspace {
            limits: Arc::clone(&limits),
            drafts: Arc::clone(&drafts),
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
        }),
        send_code: Arc::new(SendCode {
            limits: Arc::clone(&limits),
            policy,
            drafts: Arc::clone(&drafts),
            store: Arc::clone(&store),
            mail: Arc::clone(&mail),
            account_exists,
            signal: signal.clone(),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
        }),
        confirm_code: Arc::new(ConfirmCode {
            policy,
            drafts: Arc::clone(&drafts),
            store: Arc::clone(&store),
            opener: Arc::clone(&opener),
            minter: Arc::clone(&minter),
            mail: Arc::clone(&mail),
            audit: Arc::clone(&audit),
            signal: signal.clone(),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            random: Arc::clone(&random),
        }),
        resume_signup: Arc::new(ResumeSignup {
            drafts,
            clock: Arc::clone(&clock),
        }),
        log_in: Arc::new(LogIn {
            credentials: Arc::clone(&credentials),
            store: Arc::clone(&store),
            opener: Arc::clone(&opener),
            minter: Arc::clone(&minter),
            gate: Arc::clone(&gate),
            clock: Arc::clone(&clock),
        }),
        refresh: Arc::new(Refresh {
            limits: Arc::clone(&limits),
            store: Arc::clone(&store),
            tokens: Arc::clone(&refresh_tokens),
            minter: Arc::clone(&minter),
            book: Arc::clone(&book),
            gate: Arc::clone(&gate),
            mail: Arc::clone(&mail),
            audit: Arc::clone(&audit),
            signal: signal.clone(),
            clock: Arc::clone(&clock),
        }),
        log_out: Arc::new(LogOut {
            store: Arc::clone(&store),
            access_tokens: Arc::clone(&access_tokens),
            refresh_tokens: Arc::clone(&refresh_tokens),
            gate: Arc::clone(&gate),
            audit: Arc::clone(&audit),
            clock: Arc::clone(&clock),
        }),
        request_password_reset: Arc::new(RequestPasswordReset {
            limits: Arc::clone(&limits),
            store: Arc::clone(&store),
            desk: Arc::clone(&resets),
            signal: signal.clone(),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        }),
        confirm_password_reset: Arc::new(ConfirmPasswordReset {
            store: Arc::clone(&store),
            tokens: Arc::clone(&tokens),
            hasher: hasher.clone(),
            strength: strength.clone(),
            gate: Arc::clone(&gate),
            mail: Arc::clone(&mail),
            audit: Arc::clone(&audit),
            signal: signal.clone(),
            clock: Arc::clone(&clock),
        }),
        confirm_email: Arc::new(ConfirmEmail {
            store: Arc::clone(&store),
            tokens: Arc::clone(&tokens),
            gate: Arc::clone(&gate),
            mail: Arc::clone(&mail),
            audit: Arc::clone(&audit),
            signal: signal.clone(),
            clock: Arc::clone(&clock),
        }),
        report_not_me: Arc::new(ReportNotMe {
            store: Arc::clone(&store),
            tokens,
            desk: resets,
            gate: Arc::clone(&gate),
            audit: Arc::clone(&audit),
            signal: signal.clone(),
            clock: Arc::clone(&clock),
        }),
        assess_password: Arc::new(AssessPassword { strength }),
        admit_request: Arc::new(AdmitRequest {
            limits: Arc::clone(&limits),
            tokens: Arc::clone(&access_tokens),
            hasher: hasher.clone(),
            clock: Arc::clone(&clock),
        }),
        authenticate,
        count_action: Arc::new(CountAction {
            book: Arc::clone(&book),
            background: Arc::new(NoBackground),
            clock: Arc::clone(&clock),
        }),
        open_session: Arc::new(OpenSession {
            opener,
            store: Arc::clone(&store),
            minter: Arc::clone(&minter),
            gate: Arc::clone(&gate),
            clock: Arc::clone(&clock),
        }),
        fill_session: Arc::new(FillSession {
            store: Arc::clone(&store),
            book: Arc::clone(&book),
            session_idle,
            clock: Arc::clone(&clock),
        }),
        report_activity: Arc::new(ReportActivity {
            access_tokens,
            refresh_tokens,
            admission,
            clock: Arc::clone(&clock),
        }),
        read_profile,
        list_sessions: Arc::new(ListSessions {
            store: Arc::clone(&store),
            book: Arc::clone(&book),
            session_idle,
            clock: Arc::clone(&clock),
        }),
        end_session: Arc::new(EndSession {
            store: Arc::clone(&store),
            digester: Arc::clone(&digester),
            book,
            session_idle,
            gate: Arc::clone(&gate),
            audit: Arc::clone(&audit),
            clock: Arc::clone(&clock),
        }),
        end_other_sessions: Arc::new(EndOtherSessions {
            store: Arc::clone(&store),
            gate: Arc::clone(&gate),
            audit: Arc::clone(&audit),
            clock: Arc::clone(&clock),
        }),
        list_audit: Arc::new(ListAudit {
            store: Arc::clone(&store),
        }),
        workspaces: workspaces::use_cases(&workspaces::Shared {
            store: Arc::clone(&store),
            credentials: Arc::clone(&credentials),
            gate: Arc::clone(&gate),
            minter: Arc::clone(&minter),
            audit: Arc::clone(&audit),
            digester: Arc::new(digester_of_secrets()),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            random: Arc::clone(&random),
        }),
        profile,
        people,
        access,
        health: health::use_cases(&clock),
    }
}

/// One request through the whole stack of a fresh server.
pub(crate) async fn call(http: Http, request: TestRequest) -> ServiceResponse {
    let app = test::init_service(server::app(web::Data::new(http))).await;
    let peer = "203.0.113.9:5555".parse().unwrap();
    test::call_service(&app, request.peer_addr(peer).to_request()).await
}

/// One request to a server with the usual settings.
pub(crate) async fn ask(request: TestRequest) -> ServiceResponse {
    call(http(settings()), request).await
}

/// A header of an answer, empty when it is not there.
pub(crate) fn header<'r>(response: &'r ServiceResponse, name: &str) -> &'r str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// An answer's body.
pub(crate) async fn json(response: ServiceResponse) -> serde_json::Value {
    test::read_body_json(response).await
}

/// Every client is an unknown device.
fn unknown_device() -> MockDeviceDetector {
    let mut detector = MockDeviceDetector::new();
    detector.expect_detect().returning(|_| Device {
        device_type: DeviceType::Other,
        device_name: "unknown".to_owned(),
        browser_name: None,
        browser_version: None,
        os_name: None,
        os_version: None,
        device_brand: None,
        device_model: None,
        is_bot: false,
    });
    detector
}

/// Nobody knows where any address is.
fn nowhere() -> MockGeoLocator {
    let mut locator = MockGeoLocator::new();
    locator.expect_locate().returning(|_| IpPlace::default());
    locator
}
