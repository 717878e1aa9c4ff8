//! The steps on codes: issuing, withdrawing, trying, failing.

use kogents_domain::cache::CacheError;
use kogents_domain::digest::Digest;
use kogents_domain::signup::{CodeTry, IssueCode, IssuedCode, Lease, TriedCode};
use kogents_domain::time::Timestamp;

use super::entry::{Code, Sent};
use super::state::State;

impl State {
    pub(super) fn issue_code(&mut self, issue: &IssueCode) -> IssuedCode {
        let now = issue.now;
        let Some(signup) = self.signups.get_mut(&issue.key, now) else {
            return IssuedCode::Gone;
        };
        if !signup.has_workspace {
            return IssuedCode::WorkspaceRequired;
        }
        if let Some((until, budget)) = self.budgets.locked_until(&signup.address, now) {
            return IssuedCode::Locked { until, budget };
        }
        // A code that a confirmation is at work on is not replaced under its hands.
        let pause = signup.sent.next_at.filter(|until| now < *until);
        if let Some(until) = pause.max(signup.leased_until(now)) {
            return IssuedCode::TooSoon { until };
        }
        let expires_at = now.plus(self.policy.ttl).min(signup.expires_at());
        let resend_available_at = now.plus(self.policy.resend_pause);
        signup.code = Some(Code {
            digest: issue.code,
            issued_at: now,
            expires_at,
            wrong: 0,
            before: signup.sent,
        });
        signup.sent = Sent {
            next_at: Some(resend_available_at),
        };
        let own = self.policy.max_attempts;
        IssuedCode::Issued {
            attempts_remaining: own.min(self.budgets.left(&signup.address, now)),
            expires_at,
            resend_available_at,
        }
    }

    pub(super) fn withdraw_code(&mut self, issued: &IssueCode) {
        if let Some(signup) = self.signups.get_mut_at_any_time(&issued.key)
            && let Some(code) = signup.code.take_if(|code| code.is_of(issued))
        {
            signup.sent = code.before;
        }
    }

    pub(super) fn try_code(&mut self, attempt: &CodeTry) -> Result<TriedCode, CacheError> {
        let now = attempt.now;
        let lease = self.next_lease();
        let Some(signup) = self.signups.get_mut(&attempt.key, now) else {
            return Ok(TriedCode::Gone);
        };
        if signup.leased_until(now).is_some() {
            return Ok(TriedCode::InProgress);
        }
        if let Some((until, budget)) = self.budgets.locked_until(&signup.address, now) {
            return Ok(TriedCode::Locked { until, budget });
        }
        let Some(code) = signup.code.as_mut().filter(|code| now < code.expires_at) else {
            return Ok(TriedCode::NoCode);
        };
        if code.wrong >= self.policy.max_attempts {
            return Ok(TriedCode::Exhausted);
        }
        // What could not be counted is not compared.
        if !self.budgets.can_count(&signup.address, now) {
            return Err(CacheError::Full);
        }
        if code.digest == attempt.code {
            signup.give_lease(lease, now);
            let entry = signup.entry();
            return Ok(TriedCode::Right { lease, entry });
        }
        Ok(TriedCode::Wrong {
            attempts_remaining: self.count_wrong(&attempt.key, now),
        })
    }

    pub(super) fn fail(&mut self, key: &Digest, lease: Lease, now: Timestamp) -> u32 {
        if let Some(signup) = self.signups.get_mut(key, now) {
            signup.take_lease_back(lease);
        }
        self.count_wrong(key, now)
    }

    /// Counts a wrong guess against the code and the address; gives the guesses left.
    fn count_wrong(&mut self, key: &Digest, now: Timestamp) -> u32 {
        let Some(signup) = self.signups.get_mut(key, now) else {
            return 0;
        };
        self.budgets.count(&signup.address, now);
        let own_left = signup.code.as_mut().map_or(0, |code| {
            code.wrong = code.wrong.saturating_add(1);
            self.policy.max_attempts.saturating_sub(code.wrong)
        });
        own_left.min(self.budgets.left(&signup.address, now))
    }
}
