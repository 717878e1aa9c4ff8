//! Pending signups, their codes and the counts of wrong guesses, in Redis.

mod answers;

use std::iter;
use std::sync::Arc;

use async_trait::async_trait;
use deadpool_redis::redis::{Script, ScriptInvocation, Value};
use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::signup::{
    CodePolicy, CodeTry, IssueCode, IssuedCode, Lease, NewPending, PendingEntry, PendingSignups,
    Replaced, TriedCode,
};
use kogents_domain::time::Timestamp;

use crate::cache::Kept;
use crate::keys;
use crate::link::{Link, lifetime};

/// The [`PendingSignups`] of all instances.
///
/// Growth: every signup and every address's count has an end; a full server refuses new ones, and
/// guesses that could not be counted, by [`CacheError::Full`].
#[derive(Clone)]
pub struct RedisPendingSignups {
    kept: Arc<Kept>,
    policy: CodePolicy,
}

impl RedisPendingSignups {
    pub(crate) const fn new(kept: Arc<Kept>, policy: CodePolicy) -> Self {
        Self { kept, policy }
    }

    fn link(&self) -> &Link {
        &self.kept.link
    }

    /// Tells a step every budget of an address: how many it allows, what the names of its counts
    /// begin with, when its window ends if it opens now, and how long that is kept.
    fn add_budgets(&self, step: &mut ScriptInvocation<'_>, now: Timestamp) {
        let (keys, budgets) = (&self.link().keys, &self.policy.address_budgets);
        // The longest is kept under the name, and in the form, that was there when there could be
        // one budget only. So an entry of before, and of an instance that knows one only, is its
        // count; were it a shorter one's, that would lock for longer than its own window, and
        // whoever knows the longer one only would forget with it what is counted there.
        let shorter = budgets.shorter();
        let shorter = shorter.map(|budget| (budget, keys.guesses_within(budget.window())));
        for (budget, name) in iter::once((budgets.longest(), keys.guesses())).chain(shorter) {
            step.arg(budget.quota())
                .arg(name)
                .arg(now.plus(budget.window()).as_millis())
                .arg(lifetime(budget.window()));
        }
    }

    /// A step on one signup.
    fn step<'a>(&self, script: &'a Script, key: &Digest) -> ScriptInvocation<'a> {
        script.key(self.link().keys.signup(key))
    }

    async fn answer(&self, step: &ScriptInvocation<'_>) -> Result<Vec<Value>, CacheError> {
        self.link().run(step).await
    }

    async fn just_do(&self, step: &ScriptInvocation<'_>) -> Result<(), CacheError> {
        self.link().run(step).await
    }
}

#[async_trait]
impl PendingSignups for RedisPendingSignups {
    async fn create(&self, new: NewPending, now: Timestamp) -> Result<(), CacheError> {
        let mut step = self.step(&self.link().scripts.create_signup, &new.key);
        step.arg(new.sealed.as_slice())
            .arg(keys::hex(&new.address))
            .arg(new.expires_at.as_millis())
            .arg(lifetime(new.expires_at.since(now)));
        self.just_do(&step).await
    }

    async fn load(&self, key: Digest, now: Timestamp) -> Result<Option<PendingEntry>, CacheError> {
        let mut step = self.step(&self.link().scripts.load_signup, &key);
        step.arg(now.as_millis());
        answers::loaded(self.answer(&step).await?)
    }

    async fn set_workspace(
        &self,
        key: Digest,
        version: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Replaced, CacheError> {
        let mut step = self.step(&self.link().scripts.set_workspace, &key);
        step.arg(now.as_millis())
            .arg(version)
            .arg(sealed.as_slice());
        answers::replaced(self.answer(&step).await?)
    }

    async fn issue_code(&self, issue: IssueCode) -> Result<IssuedCode, CacheError> {
        let mut step = self.step(&self.link().scripts.issue_code, &issue.key);
        step.arg(issue.now.as_millis())
            .arg(issue.code.as_bytes().as_slice())
            .arg(issue.now.plus(self.policy.ttl).as_millis())
            .arg(issue.now.plus(self.policy.resend_pause).as_millis())
            .arg(self.policy.max_attempts);
        self.add_budgets(&mut step, issue.now);
        answers::issued(self.answer(&step).await?, &self.policy.address_budgets)
    }

    async fn withdraw_code(&self, issued: IssueCode) -> Result<(), CacheError> {
        let mut step = self.step(&self.link().scripts.withdraw_code, &issued.key);
        step.arg(issued.code.as_bytes().as_slice())
            .arg(issued.now.as_millis());
        self.just_do(&step).await
    }

    async fn try_code(&self, attempt: CodeTry) -> Result<TriedCode, CacheError> {
        let mut step = self.step(&self.link().scripts.try_code, &attempt.key);
        step.arg(attempt.now.as_millis())
            .arg(attempt.code.as_bytes().as_slice())
            .arg(attempt.now.plus(Lease::HOLDS).as_millis())
            .arg(self.policy.max_attempts);
        self.add_budgets(&mut step, attempt.now);
        answers::tried(self.answer(&step).await?, &self.policy.address_budgets)
    }

    async fn release(&self, key: Digest, lease: Lease) -> Result<(), CacheError> {
        let mut step = self.step(&self.link().scripts.release_signup, &key);
        step.arg(lease.0);
        self.just_do(&step).await
    }

    async fn fail(&self, key: Digest, lease: Lease, now: Timestamp) -> Result<u32, CacheError> {
        let mut step = self.step(&self.link().scripts.fail_signup, &key);
        step.arg(now.as_millis())
            .arg(lease.0)
            .arg(self.policy.max_attempts);
        self.add_budgets(&mut step, now);
        self.link().run(&step).await
    }

    async fn finish(&self, key: Digest) -> Result<(), CacheError> {
        let step = self.step(&self.link().scripts.finish_signup, &key);
        self.just_do(&step).await
    }

    async fn forget_guesses(&self, address: Digest) -> Result<(), CacheError> {
        let link = self.link();
        link.remove_named(&link.keys.guesses_of(&address)).await
    }
}
