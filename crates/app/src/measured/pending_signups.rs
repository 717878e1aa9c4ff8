//! The port that keeps pending signups, measured.

use std::sync::Arc;

use async_trait::async_trait;
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::signup::{
    CodeTry, IssueCode, IssuedCode, Lease, NewPending, PendingEntry, PendingSignups, Replaced,
    TriedCode,
};
use kogents_domain::time::Timestamp;

use crate::figures::{CacheFigures, TimedOperation};

/// The [`PendingSignups`] of the cache, whose operations are timed.
pub(crate) struct MeasuredPendingSignups {
    inner: Arc<dyn PendingSignups>,
    create: TimedOperation,
    load: TimedOperation,
    set_workspace: TimedOperation,
    issue_code: TimedOperation,
    withdraw_code: TimedOperation,
    try_code: TimedOperation,
    release: TimedOperation,
    fail: TimedOperation,
    finish: TimedOperation,
    forget_guesses: TimedOperation,
}

impl MeasuredPendingSignups {
    /// Measures these.
    pub(crate) fn new(inner: Arc<dyn PendingSignups>, figures: &CacheFigures) -> Self {
        Self {
            inner,
            create: figures.operation("pending_signups.create"),
            load: figures.operation("pending_signups.load"),
            set_workspace: figures.operation("pending_signups.set_workspace"),
            issue_code: figures.operation("pending_signups.issue_code"),
            withdraw_code: figures.operation("pending_signups.withdraw_code"),
            try_code: figures.operation("pending_signups.try_code"),
            release: figures.operation("pending_signups.release"),
            fail: figures.operation("pending_signups.fail"),
            finish: figures.operation("pending_signups.finish"),
            forget_guesses: figures.operation("pending_signups.forget_guesses"),
        }
    }
}

#[async_trait]
impl PendingSignups for MeasuredPendingSignups {
    async fn create(&self, new: NewPending, now: Timestamp) -> Result<(), CacheError> {
        self.create.time(self.inner.create(new, now)).await
    }

    async fn load(&self, key: Digest, now: Timestamp) -> Result<Option<PendingEntry>, CacheError> {
        self.load.time(self.inner.load(key, now)).await
    }

    async fn set_workspace(
        &self,
        key: Digest,
        version: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Replaced, CacheError> {
        let setting = self.inner.set_workspace(key, version, sealed, now);
        self.set_workspace.time(setting).await
    }

    async fn issue_code(&self, issue: IssueCode) -> Result<IssuedCode, CacheError> {
        self.issue_code.time(self.inner.issue_code(issue)).await
    }

    async fn withdraw_code(&self, issued: IssueCode) -> Result<(), CacheError> {
        let withdrawing = self.inner.withdraw_code(issued);
        self.withdraw_code.time(withdrawing).await
    }

    async fn try_code(&self, attempt: CodeTry) -> Result<TriedCode, CacheError> {
        self.try_code.time(self.inner.try_code(attempt)).await
    }

    async fn release(&self, key: Digest, lease: Lease) -> Result<(), CacheError> {
        self.release.time(self.inner.release(key, lease)).await
    }

    async fn fail(&self, key: Digest, lease: Lease, now: Timestamp) -> Result<u32, CacheError> {
        self.fail.time(self.inner.fail(key, lease, now)).await
    }

    async fn finish(&self, key: Digest) -> Result<(), CacheError> {
        self.finish.time(self.inner.finish(key)).await
    }

    async fn forget_guesses(&self, address: Digest) -> Result<(), CacheError> {
        let forgetting = self.inner.forget_guesses(address);
        self.forget_guesses.time(forgetting).await
    }
}
