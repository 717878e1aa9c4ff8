//! Ports that note each call and leave the answer to another implementation.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::auth::{
    AccessClaims, AccessTokens, EnteredPassword, HashError, HashingPlace, NewPassword,
    PasswordHash, PasswordHasher, RefreshClaims, RefreshTokens, TokenError, Verdict,
};
use kogents_domain::background::{Background, Work};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::{Digest, SealPurpose, Sealer, Unsealable};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::{Charge, LimitStanding, RateLimiter, Taken};
use kogents_domain::mail::{Mailer, MailerError, OutboxSignal, OutgoingMail};
use kogents_domain::secret::SecretText;
use kogents_domain::session::{
    ActivityCount, ClientHints, Device, DeviceDetector, Fence, GeoLocator, IpPlace,
    SessionActivity, SessionCounters, SessionStates, Touched, Touching, Unflushed, Vouched,
};
use kogents_domain::signup::{
    CodeTry, IssueCode, IssuedCode, Lease, NewPending, PendingEntry, PendingSignups, Replaced,
    TriedCode,
};
use kogents_domain::time::Timestamp;

use super::Journal;

/// Any port, with a journal beside it.
pub(crate) struct Noted<P: ?Sized> {
    pub(crate) journal: Journal,
    pub(crate) port: Arc<P>,
}

impl<P: ?Sized> Noted<P> {
    pub(crate) fn new(journal: &Journal, port: Arc<P>) -> Arc<Self> {
        Arc::new(Self {
            journal: journal.clone(),
            port,
        })
    }
}

#[async_trait]
impl<P: PasswordHasher + ?Sized> PasswordHasher for Noted<P> {
    async fn hash(&self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        self.journal.note("hash");
        self.port.hash(password).await
    }
    async fn verify(
        &self,
        password: &EnteredPassword,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, HashError> {
        self.journal.note("verify");
        self.port.verify(password, hash).await
    }
    fn is_busy(&self) -> bool {
        self.port.is_busy()
    }
    async fn enter(&self) -> Result<HashingPlace, HashError> {
        self.port.enter().await
    }
}

impl<P: AccessTokens + ?Sized> AccessTokens for Noted<P> {
    fn mint(&self, claims: &AccessClaims) -> SecretText {
        self.journal.note("mint access");
        self.port.mint(claims)
    }
    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        self.port.read(token, now)
    }
}

impl<P: RefreshTokens + ?Sized> RefreshTokens for Noted<P> {
    fn mint(&self, claims: &RefreshClaims) -> SecretText {
        self.journal.note("mint refresh");
        self.port.mint(claims)
    }
    fn read(&self, token: &str, now: Timestamp) -> Result<RefreshClaims, TokenError> {
        self.port.read(token, now)
    }
    fn owner(&self, token: &str) -> Option<UserId> {
        self.port.owner(token)
    }
}

impl<P: Sealer + ?Sized> Sealer for Noted<P> {
    fn seal(&self, purpose: SealPurpose, name: &[u8], plain: &[u8]) -> Vec<u8> {
        self.journal.note("seal");
        self.port.seal(purpose, name, plain)
    }
    fn open(
        &self,
        purpose: SealPurpose,
        name: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, Unsealable> {
        self.journal.note("open");
        self.port.open(purpose, name, sealed)
    }
}

impl<P: OutboxSignal + ?Sized> OutboxSignal for Noted<P> {
    fn wake(&self) {
        self.journal.note("wake");
        self.port.wake();
    }
}

impl<P: Background + ?Sized> Background for Noted<P> {
    fn spawn(&self, name: &'static str, work: Work) {
        self.journal.note("spawn");
        self.port.spawn(name, work);
    }
}

#[async_trait]
impl<P: Mailer + ?Sized> Mailer for Noted<P> {
    async fn deliver(&self, mail: &OutgoingMail) -> Result<(), MailerError> {
        self.journal.note("deliver");
        self.port.deliver(mail).await
    }
}

#[async_trait]
impl<P: SessionStates + ?Sized> SessionStates for Noted<P> {
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError> {
        self.journal.note("touch");
        self.port.touch(touching).await
    }
    async fn put(&self, vouched: &Vouched) -> Result<(), CacheError> {
        self.journal.note("put");
        self.port.put(vouched).await
    }
    async fn fence(&self, user: UserId, now: Timestamp) -> Result<Fence, CacheError> {
        self.journal.note("fence");
        self.port.fence(user, now).await
    }
    async fn lift(&self, user: UserId, fence: Fence, now: Timestamp) -> Result<(), CacheError> {
        self.journal.note("lift");
        self.port.lift(user, fence, now).await
    }
}

#[async_trait]
impl<P: SessionCounters + ?Sized> SessionCounters for Noted<P> {
    async fn count(
        &self,
        session: SessionId,
        base: Option<SessionActivity>,
        counted: ActivityCount,
        now: Timestamp,
    ) -> Result<(), CacheError> {
        self.journal.note("count");
        self.port.count(session, base, counted, now).await
    }
    async fn look(
        &self,
        sessions: &[SessionId],
        now: Timestamp,
    ) -> Result<Vec<Option<SessionActivity>>, CacheError> {
        self.journal.note("look at counts");
        self.port.look(sessions, now).await
    }
    async fn unflushed(&self, limit: u32, now: Timestamp) -> Result<Vec<Unflushed>, CacheError> {
        self.journal.note("claim counts");
        self.port.unflushed(limit, now).await
    }
    async fn flushed(&self, flushed: &[Unflushed], now: Timestamp) -> Result<(), CacheError> {
        self.journal.note("settle counts");
        self.port.flushed(flushed, now).await
    }
    async fn waiting(&self) -> Result<u64, CacheError> {
        self.journal.note("ask how many counts wait");
        self.port.waiting().await
    }
}

impl<P: DeviceDetector + ?Sized> DeviceDetector for Noted<P> {
    fn detect(&self, hints: &ClientHints) -> Device {
        self.journal.note("detect");
        self.port.detect(hints)
    }
}

impl<P: GeoLocator + ?Sized> GeoLocator for Noted<P> {
    fn locate(&self, address: IpAddr) -> IpPlace {
        self.journal.note("locate");
        self.port.locate(address)
    }
}

#[async_trait]
impl<P: PendingSignups + ?Sized> PendingSignups for Noted<P> {
    async fn create(&self, new: NewPending, now: Timestamp) -> Result<(), CacheError> {
        self.journal.note("create");
        self.port.create(new, now).await
    }
    async fn load(&self, key: Digest, now: Timestamp) -> Result<Option<PendingEntry>, CacheError> {
        self.journal.note("load");
        self.port.load(key, now).await
    }
    async fn set_workspace(
        &self,
        key: Digest,
        version: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Replaced, CacheError> {
        self.journal.note("set workspace");
        self.port.set_workspace(key, version, sealed, now).await
    }
    async fn issue_code(&self, issue: IssueCode) -> Result<IssuedCode, CacheError> {
        self.journal.note("issue code");
        self.port.issue_code(issue).await
    }
    async fn withdraw_code(&self, issued: IssueCode) -> Result<(), CacheError> {
        self.journal.note("withdraw code");
        self.port.withdraw_code(issued).await
    }
    async fn try_code(&self, attempt: CodeTry) -> Result<TriedCode, CacheError> {
        self.journal.note("try code");
        self.port.try_code(attempt).await
    }
    async fn release(&self, key: Digest, lease: Lease) -> Result<(), CacheError> {
        self.journal.note("release");
        self.port.release(key, lease).await
    }
    async fn fail(&self, key: Digest, lease: Lease, now: Timestamp) -> Result<u32, CacheError> {
        self.journal.note("fail");
        self.port.fail(key, lease, now).await
    }
    async fn finish(&self, key: Digest) -> Result<(), CacheError> {
        self.journal.note("finish");
        self.port.finish(key).await
    }
    async fn forget_guesses(&self, address: Digest) -> Result<(), CacheError> {
        self.journal.note("forget guesses");
        self.port.forget_guesses(address).await
    }
}

#[async_trait]
impl<P: RateLimiter + ?Sized> RateLimiter for Noted<P> {
    async fn take(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        self.journal.note("take limits");
        self.port.take(charges, now).await
    }
    async fn look(&self, charges: &[Charge], now: Timestamp) -> Result<Taken, CacheError> {
        self.journal.note("look at limits");
        self.port.look(charges, now).await
    }
    async fn give_back(
        &self,
        given_back: &[Charge],
        cleared: &[Charge],
        now: Timestamp,
    ) -> Result<Vec<LimitStanding>, CacheError> {
        self.journal.note("give limits back");
        self.port.give_back(given_back, cleared, now).await
    }
    async fn forget(&self, mailbox: Digest, person: UserId) -> Result<(), CacheError> {
        self.journal.note("forget counts");
        self.port.forget(mailbox, person).await
    }
}
