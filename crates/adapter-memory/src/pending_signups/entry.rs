//! One signup as this process keeps it.

use kogents_domain::digest::Digest;
use kogents_domain::signup::{IssueCode, Lease, NewPending, PendingEntry};
use kogents_domain::time::Timestamp;

/// A signup.
pub(super) struct Signup {
    sealed: Vec<u8>,
    version: u64,
    expires_at: Timestamp,
    /// Under which its wrong guesses are counted.
    pub(super) address: Digest,
    pub(super) has_workspace: bool,
    pub(super) code: Option<Code>,
    /// What was sent so far.
    pub(super) sent: Sent,
    lease: Option<Held>,
}

/// What is remembered of codes sent, beside the outstanding one.
#[derive(Clone, Copy, Default)]
pub(super) struct Sent {
    /// When the next code may be issued; some exactly when one was ever sent.
    pub(super) next_at: Option<Timestamp>,
}

/// The outstanding code.
pub(super) struct Code {
    pub(super) digest: Digest,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// Wrong guesses at it.
    pub(super) wrong: u32,
    /// What was sent before it, to go back to when it is withdrawn.
    pub(super) before: Sent,
}

struct Held {
    lease: Lease,
    until: Timestamp,
}

impl Code {
    /// Whether this is the code that was issued so.
    pub(super) fn is_of(&self, issued: &IssueCode) -> bool {
        self.digest == issued.code && self.issued_at == issued.now
    }
}

impl Signup {
    pub(super) fn new(new: NewPending) -> Self {
        Self {
            sealed: new.sealed,
            version: 1,
            expires_at: new.expires_at,
            address: new.address,
            has_workspace: false,
            code: None,
            sent: Sent::default(),
            lease: None,
        }
    }

    /// What a caller sees of it.
    pub(super) fn entry(&self) -> PendingEntry {
        PendingEntry {
            sealed: self.sealed.clone(),
            version: self.version,
            expires_at: self.expires_at,
            has_workspace: self.has_workspace,
            code_was_sent: self.code_was_sent(),
        }
    }

    pub(super) const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    pub(super) const fn version(&self) -> u64 {
        self.version
    }

    pub(super) const fn code_was_sent(&self) -> bool {
        self.sent.next_at.is_some()
    }

    /// Takes contents that have a workspace.
    pub(super) fn replace(&mut self, sealed: Vec<u8>) {
        self.sealed = sealed;
        self.version = self.version.saturating_add(1);
        self.has_workspace = true;
    }

    /// Until when a confirmation is at work on it.
    pub(super) fn leased_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.lease
            .as_ref()
            .map(|held| held.until)
            .filter(|until| now < *until)
    }

    pub(super) const fn give_lease(&mut self, lease: Lease, now: Timestamp) {
        self.lease = Some(Held {
            lease,
            until: now.plus(Lease::HOLDS),
        });
    }

    /// Takes a lease back, unless somebody else holds it by now.
    pub(super) fn take_lease_back(&mut self, lease: Lease) {
        self.lease.take_if(|held| held.lease == lease);
    }
}
