//! Short forms that the cases share.

use std::sync::Arc;

use kogents_domain::digest::Digest;
use kogents_domain::signup::{
    CodeTry, IssueCode, IssuedCode, Lease, NewPending, PendingSignups, Replaced, TriedCode,
};
use kogents_domain::time::{Span, Timestamp};

use super::POLICY;
use crate::builders::{a_new_pending, real_now, unique_digest};

/// The adapter under test.
pub type SignupsPort = Arc<dyn PendingSignups>;

/// How long a signup of the cases lives.
pub(crate) const SIGNUP_TTL: Span = Span::from_secs(86_400);

/// One signup under test, and the moment it began.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) port: SignupsPort,
    pub(crate) key: Digest,
    pub(crate) address: Digest,
    pub(crate) start: Timestamp,
    pub(crate) ends_at: Timestamp,
}

impl Case {
    /// A signup without a workspace.
    pub(crate) async fn begun(port: &SignupsPort) -> Self {
        Self::begun_as(port, unique_digest(), real_now()).await
    }

    async fn begun_as(port: &SignupsPort, address: Digest, start: Timestamp) -> Self {
        let ends_at = start.plus(SIGNUP_TTL);
        let new: NewPending = a_new_pending().address(address).expires_at(ends_at).build();
        let case = Self {
            port: Arc::clone(port),
            key: new.key,
            address,
            start,
            ends_at,
        };
        port.create(new, start).await.unwrap();
        case
    }

    /// A signup with a workspace.
    pub(crate) async fn with_workspace(port: &SignupsPort) -> Self {
        Self::of_address(port, unique_digest(), real_now()).await
    }

    /// A signup of an address, with a workspace, begun at a moment.
    pub(crate) async fn of_address(port: &SignupsPort, address: Digest, start: Timestamp) -> Self {
        let case = Self::begun_as(port, address, start).await;
        let loaded = port.load(case.key, start).await.unwrap().unwrap();
        let chosen = port
            .set_workspace(case.key, loaded.version, b"chosen".to_vec(), start)
            .await;
        assert_eq!(
            chosen,
            Ok(Replaced::Done {
                code_was_sent: false
            })
        );
        case
    }

    /// The moment so many seconds after the signup began.
    pub(crate) fn at(&self, secs: i64) -> Timestamp {
        self.start.plus(Span::from_secs(secs))
    }

    pub(crate) async fn issue(&self, code: Digest, now: Timestamp) -> IssuedCode {
        let key = self.key;
        let issue = IssueCode { key, code, now };
        self.port.issue_code(issue).await.unwrap()
    }

    /// Issues a fresh code, which must work.
    pub(crate) async fn issued(&self, now: Timestamp) -> Digest {
        let code = unique_digest();
        let issued = self.issue(code, now).await;
        assert!(matches!(issued, IssuedCode::Issued { .. }), "{issued:?}");
        code
    }

    pub(crate) async fn withdraw(&self, code: Digest, now: Timestamp) {
        let key = self.key;
        let issued = IssueCode { key, code, now };
        self.port.withdraw_code(issued).await.unwrap();
    }

    pub(crate) async fn guess(&self, code: Digest, now: Timestamp) -> TriedCode {
        let key = self.key;
        let attempt = CodeTry { key, code, now };
        self.port.try_code(attempt).await.unwrap()
    }

    pub(crate) async fn guess_wrong(&self, now: Timestamp) -> TriedCode {
        self.guess(unique_digest(), now).await
    }

    /// Tries a code that must be right.
    pub(crate) async fn lease(&self, code: Digest, now: Timestamp) -> Lease {
        match self.guess(code, now).await {
            TriedCode::Right { lease, .. } => lease,
            other @ (TriedCode::Wrong { .. }
            | TriedCode::Exhausted
            | TriedCode::NoCode
            | TriedCode::Locked { .. }
            | TriedCode::InProgress
            | TriedCode::Gone) => panic!("not right: {other:?}"),
        }
    }

    pub(crate) async fn code_was_sent(&self, now: Timestamp) -> bool {
        let loaded = self.port.load(self.key, now).await.unwrap();
        loaded.unwrap().code_was_sent
    }

    /// Burns a fresh code by wrong guesses; both happen at `now`.
    pub(crate) async fn burn_a_code(&self, now: Timestamp) {
        self.issued(now).await;
        for left in (0..POLICY.max_attempts).rev() {
            assert_eq!(self.guess_wrong(now).await, wrong(left));
        }
    }
}

/// A wrong guess that leaves so many.
pub(crate) const fn wrong(attempts_remaining: u32) -> TriedCode {
    TriedCode::Wrong { attempts_remaining }
}

pub(crate) const fn is_right(tried: &TriedCode) -> bool {
    matches!(tried, TriedCode::Right { .. })
}

pub(crate) const fn is_wrong(tried: &TriedCode) -> bool {
    matches!(tried, TriedCode::Wrong { .. })
}

/// The moment just before another.
pub(crate) const fn before(moment: Timestamp) -> Timestamp {
    moment.minus(Span::from_millis(1))
}
