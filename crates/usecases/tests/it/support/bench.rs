//! Everything a use case may hold, put together for one test.

use std::sync::{Arc, Mutex};

use kogents_domain::auth::{AccessTokens, PasswordHasher, RefreshTokens};
use kogents_domain::background::Background;
use kogents_domain::digest::{Digester, Sealer};
use kogents_domain::ids::{IdGenerator, UserId};
use kogents_domain::limits::{Limit, LimitRules};
use kogents_domain::mail::{Letter, MailJob, MailMessage, OutboxSignal, QueuedMail};
use kogents_domain::random::SecureRandom;
use kogents_domain::session::{Fence, MockSessionStates};
use kogents_domain::signup::{CodePolicy, GuessBudgets, MockPendingSignups};
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};
use kogents_testkit::fake_store::{FakeStore, FakeUnit, Outcome};
use kogents_testkit::fakes::{
    CountingSignal, FakeAccessTokens, FakeCounters, FakeDigester, FakeHasher, FakeLimiter,
    FakeRandom, FakeRefreshTokens, FakeSealer, FixedClock, InlineBackground, SequentialIds,
};
use kogents_usecases::audit::AuditDesk;
use kogents_usecases::auth::{ResetDesk, TokenMinter};
use kogents_usecases::limits::RateLimits;
use kogents_usecases::mail::{MailDesk, MailedTokens};
use kogents_usecases::session::{
    ActivityBook, Admission, NewDeviceNotices, SessionCapture, SessionGate, SessionOpener,
};
use kogents_usecases::signup::{AccountExists, DraftBox};
use mockall::predicate::eq;

use super::journal_store::JournalStore;
use super::{Journal, LIFETIMES, Noted, T0, detector, locator};

/// The mocks of one unit of work.
pub(crate) type Units = FakeUnit;

/// The fakes of one test, all writing to one journal.
#[derive(Default)]
pub(crate) struct Bench {
    pub(crate) journal: Journal,
    pub(crate) hasher: Arc<FakeHasher>,
    pub(crate) signal: Arc<CountingSignal>,
    pub(crate) background: Arc<InlineBackground>,
    pub(crate) limiter: Arc<FakeLimiter>,
    pub(crate) local_limiter: Arc<FakeLimiter>,
    pub(crate) counters: Arc<FakeCounters>,
    pub(crate) local_counters: Arc<FakeCounters>,
    /// Stands at [`T0`] until a test moves it.
    pub(crate) clock: Arc<FixedClock>,
    store: FakeStore,
    /// The scopes that units of work are to be begun in; None where none is begun.
    scopes: Mutex<Vec<Option<Scope>>>,
    ids: Arc<SequentialIds>,
    /// Apart, so that what is told of a deed changes none of its ids.
    audit_ids: Arc<SequentialIds>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The next unit of work reads, in this scope.
    pub(crate) fn reads<R>(&self, scope: Scope, prepare: impl FnOnce(&mut Units) -> R) -> R {
        self.expect(Some(scope));
        let mut prepared = None;
        self.store
            .expect_read(|unit| prepared = Some(prepare(unit)));
        prepared.unwrap()
    }

    /// The next unit of work writes, in this scope.
    pub(crate) fn begins<R>(&self, scope: Scope, prepare: impl FnOnce(&mut Units) -> R) -> R {
        self.expect(Some(scope));
        let mut prepared = None;
        self.store
            .expect_begin(|unit| prepared = Some(prepare(unit)));
        prepared.unwrap()
    }

    /// The next unit of work writes, in this scope, and cannot be committed.
    pub(crate) fn fails_to_commit<R>(
        &self,
        scope: Scope,
        error: StoreError,
        prepare: impl FnOnce(&mut Units) -> R,
    ) -> R {
        self.begins(scope, |unit| {
            unit.fail_to_commit(error);
            prepare(unit)
        })
    }

    /// The next unit of work, which would read, cannot be begun.
    pub(crate) fn read_fails(&self, error: StoreError) {
        self.expect(None);
        self.store.expect_read_to_fail(error);
    }

    /// The next unit of work, which would write, cannot be begun.
    pub(crate) fn begin_fails(&self, error: StoreError) {
        self.expect(None);
        self.store.expect_begin_to_fail(error);
    }

    fn expect(&self, scope: Option<Scope>) {
        self.scopes.lock().unwrap().push(scope);
    }

    /// Every unit of work was begun in its scope and ended, and nothing else happened while one
    /// was open.
    pub(crate) fn finish(&self) {
        self.journal.assert_units_are_undisturbed();
        let begun: Vec<Option<Scope>> = self
            .store
            .log()
            .iter()
            .map(|record| (record.outcome != Outcome::NotBegun).then_some(record.scope))
            .collect();
        assert_eq!(begun, *self.scopes.lock().unwrap());
        let open = |outcome: Outcome| outcome == Outcome::Open;
        assert!(!self.store.log().iter().any(|record| open(record.outcome)));
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        Arc::new(JournalStore {
            inner: Arc::new(self.store.clone()),
            journal: self.journal.clone(),
            commits: true,
        })
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdGenerator> {
        self.ids.clone()
    }

    pub(crate) fn digester(&self) -> Arc<dyn Digester> {
        Arc::new(FakeDigester)
    }

    pub(crate) fn sealer(&self) -> Arc<dyn Sealer> {
        Noted::new(&self.journal, Arc::new(FakeSealer))
    }

    pub(crate) fn hasher(&self) -> Arc<dyn PasswordHasher> {
        Noted::new(&self.journal, self.hasher.clone())
    }

    pub(crate) fn access(&self) -> Arc<dyn AccessTokens> {
        Noted::new(&self.journal, Arc::new(FakeAccessTokens))
    }

    pub(crate) fn refresh(&self) -> Arc<dyn RefreshTokens> {
        Noted::new(&self.journal, Arc::new(FakeRefreshTokens))
    }

    pub(crate) fn signal(&self) -> Arc<dyn OutboxSignal> {
        Noted::new(&self.journal, self.signal.clone())
    }

    pub(crate) fn background(&self) -> Arc<dyn Background> {
        Noted::new(&self.journal, self.background.clone())
    }

    /// The product's limits, counted by [`Bench::limiter`] as long as it answers.
    pub(crate) fn limits(&self) -> Arc<RateLimits> {
        Arc::new(self.limits_apart())
    }

    /// The same, to change.
    pub(crate) fn limits_apart(&self) -> RateLimits {
        RateLimits {
            limiter: Noted::new(&self.journal, self.limiter.clone()),
            local: Noted::new(&self.journal, self.local_limiter.clone()),
            rules: LimitRules::default(),
            local_rules: LimitRules::default().halved(),
            digester: self.digester(),
        }
    }

    pub(crate) fn gate(&self, states: MockSessionStates) -> Arc<SessionGate> {
        Arc::new(SessionGate {
            states: Noted::new(&self.journal, Arc::new(states)),
        })
    }

    /// Counts of sessions, kept by [`Bench::counters`] as long as they answer.
    pub(crate) fn book(&self) -> Arc<ActivityBook> {
        Arc::new(ActivityBook {
            counters: Noted::new(&self.journal, self.counters.clone()),
            local: Noted::new(&self.journal, self.local_counters.clone()),
        })
    }

    pub(crate) fn admission(&self, states: MockSessionStates) -> Arc<Admission> {
        Arc::new(Admission {
            states: Noted::new(&self.journal, Arc::new(states)),
            book: self.book(),
            limits: self.limits(),
            store: self.store(),
            session_idle: LIFETIMES.session_idle,
        })
    }

    /// Learns of the one [`client`](super::client) there is.
    pub(crate) fn capture(&self) -> SessionCapture {
        SessionCapture {
            detector: Noted::new(&self.journal, Arc::new(detector())),
            locator: Noted::new(&self.journal, Arc::new(locator())),
            digester: self.digester(),
        }
    }

    pub(crate) fn opener(&self) -> Arc<SessionOpener> {
        Arc::new(self.opener_apart())
    }

    /// The same, to change.
    pub(crate) fn opener_apart(&self) -> SessionOpener {
        SessionOpener {
            capture: self.capture(),
            minter: self.minter(),
            book: self.book(),
            notices: NewDeviceNotices {
                tokens: self.tokens(),
                mail: self.desk(),
            },
            audit: self.audit(),
            signal: self.signal(),
            store: self.store(),
            ids: self.ids(),
            session_limit: SESSION_LIMIT,
        }
    }

    pub(crate) fn audit(&self) -> Arc<AuditDesk> {
        Arc::new(AuditDesk {
            ids: self.audit_ids.clone(),
        })
    }

    pub(crate) fn desk(&self) -> Arc<MailDesk> {
        Arc::new(MailDesk {
            sealer: self.sealer(),
            digester: self.digester(),
            ids: self.ids(),
        })
    }

    /// Mailed tokens, the same in every test.
    pub(crate) fn tokens(&self) -> Arc<MailedTokens> {
        Arc::new(MailedTokens {
            digester: self.digester(),
            sealer: self.sealer(),
            ids: self.ids(),
            random: random(),
        })
    }

    pub(crate) fn resets(&self) -> Arc<ResetDesk> {
        Arc::new(ResetDesk {
            tokens: self.tokens(),
            mail: self.desk(),
        })
    }

    pub(crate) fn account_exists(&self) -> Arc<AccountExists> {
        Arc::new(AccountExists { mail: self.desk() })
    }

    pub(crate) fn drafts(&self, pending: MockPendingSignups) -> Arc<DraftBox> {
        Arc::new(DraftBox {
            pending: Noted::new(&self.journal, Arc::new(pending)),
            sealer: self.sealer(),
            digester: self.digester(),
        })
    }

    pub(crate) fn minter(&self) -> Arc<TokenMinter> {
        Arc::new(TokenMinter {
            access: self.access(),
            refresh: self.refresh(),
            digester: self.digester(),
            access_ttl: Span::from_secs(900),
            lifetimes: LIFETIMES,
        })
    }

    /// What a queued job says, and in whose name.
    pub(crate) fn letter(&self, job: &MailJob) -> Letter {
        self.desk().open(&claimed(job)).unwrap()
    }

    /// What a queued job says.
    pub(crate) fn message(&self, job: &MailJob) -> MailMessage {
        self.letter(job).message
    }
}

/// A queued job as the worker that claims it for the first time gets it.
pub(crate) fn claimed(job: &MailJob) -> QueuedMail {
    QueuedMail {
        id: job.id,
        template: job.template,
        lane: job.template.lane(),
        language: job.language.clone(),
        recipient: job.recipient.clone(),
        sealed: job.sealed.clone(),
        attempts: 1,
        created_at: job.created_at,
        expires_at: job.expires_at,
    }
}

/// A cache that is asked to fence a person once, and to lift that very fence once.
pub(crate) fn fenced_once(user: UserId) -> MockSessionStates {
    let mut states = MockSessionStates::new();
    states
        .expect_fence()
        .with(eq(user), eq(T0))
        .times(1)
        .returning(|_, _| Ok(Fence(9)));
    states
        .expect_lift()
        .with(eq(user), eq(Fence(9)), eq(T0))
        .times(1)
        .returning(|_, _, _| Ok(()));
    states
}

/// The most live sessions of one person.
pub(crate) const SESSION_LIMIT: u32 = 25;

/// The policy of codes.
pub(crate) const POLICY: CodePolicy = CodePolicy {
    ttl: Span::from_secs(600),
    resend_pause: Span::from_secs(60),
    max_attempts: 5,
    address_budgets: GuessBudgets::one(Limit::new(15, Span::from_secs(86_400))),
};

/// Randomness that is the same in every test; its numbers are 42.
pub(crate) fn random() -> Arc<dyn SecureRandom> {
    Arc::new(FakeRandom::with_number(42))
}
