//! The port that keeps pending signups and counts guesses at their codes.

use async_trait::async_trait;

use super::GuessBudgets;
use crate::cache::CacheError;
use crate::digest::Digest;
use crate::limits::Limit;
use crate::time::{Span, Timestamp};

/// A signup to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPending {
    /// Digest of the signup's token: the name it is kept under.
    pub key: Digest,
    /// The sealed [`PendingSignup`](super::PendingSignup).
    pub sealed: Vec<u8>,
    /// Keyed digest of the address, under which its wrong guesses are counted.
    pub address: Digest,
    /// When the signup ends. Nothing moves it.
    pub expires_at: Timestamp,
}

/// A signup as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingEntry {
    /// The sealed contents.
    pub sealed: Vec<u8>,
    /// Moves whenever the contents are replaced.
    pub version: u64,
    /// When the signup ends.
    pub expires_at: Timestamp,
    /// Whether a workspace has been chosen.
    pub has_workspace: bool,
    /// Whether a code was ever sent (issued and not withdrawn).
    pub code_was_sent: bool,
}

/// What came of replacing a signup's contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// They are replaced. Says whether a code was ever sent.
    Done {
        /// Whether a code was ever sent.
        code_was_sent: bool,
    },
    /// Somebody replaced them first: load again.
    Moved,
    /// A confirmation is at work on the signup.
    Leased,
    /// No such signup any more.
    Gone,
}

/// How codes may be issued and tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodePolicy {
    /// How long a code is good.
    pub ttl: Span,
    /// The pause between two codes of one signup.
    pub resend_pause: Span,
    /// Wrong guesses that burn a code.
    pub max_attempts: u32,
    /// Wrong guesses at codes of one address, over all its signups.
    pub address_budgets: GuessBudgets,
}

/// A code to issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssueCode {
    /// The signup.
    pub key: Digest,
    /// Keyed digest of the new code.
    pub code: Digest,
    /// The present moment.
    pub now: Timestamp,
}

/// What came of issuing a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedCode {
    /// The code counts from now on, and the one before it no longer does.
    Issued {
        /// Guesses left: the least of the code's own and those of each of the address's budgets.
        attempts_remaining: u32,
        /// When the code ends.
        expires_at: Timestamp,
        /// When the next one may be issued.
        resend_available_at: Timestamp,
    },
    /// The pause after the code before is not over.
    TooSoon {
        /// When it is.
        until: Timestamp,
    },
    /// The address has used up its guesses.
    Locked {
        /// When it has some again.
        until: Timestamp,
        /// The budget that locks until then: of those used up, the last to come back.
        budget: Limit,
    },
    /// No workspace has been chosen yet.
    WorkspaceRequired,
    /// No such signup.
    Gone,
}

/// A right code's claim on a signup: while it holds, nobody else confirms it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease(pub u64);

impl Lease {
    /// How long a lease holds when nobody gives it back.
    pub const HOLDS: Span = Span::from_secs(10);
}

/// A guess at a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeTry {
    /// The signup.
    pub key: Digest,
    /// Keyed digest of the guess.
    pub code: Digest,
    /// The present moment.
    pub now: Timestamp,
}

/// What came of a guess. Checked in this order: the signup, the lease and the address's lock, an
/// outstanding code, its attempts, the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriedCode {
    /// Right: the signup is leased to the caller, and these are its contents.
    Right {
        /// The lease, to finish or fail by.
        lease: Lease,
        /// The signup.
        entry: PendingEntry,
    },
    /// Wrong, and counted against the code and each budget of the address.
    Wrong {
        /// Guesses left, as at issuing; 0 when the code is burnt or the address locked.
        attempts_remaining: u32,
    },
    /// The code was burnt by wrong guesses before.
    Exhausted,
    /// There is no code, or it has ended.
    NoCode,
    /// The address has used up its guesses.
    Locked {
        /// When it has some again.
        until: Timestamp,
        /// The budget that locks until then: of those used up, the last to come back.
        budget: Limit,
    },
    /// Another right guess is being committed.
    InProgress,
    /// No such signup.
    Gone,
}

/// Keeps pending signups, their codes' digests and the counts of wrong guesses. Every method is
/// one atomic step. An entry's lifetime is fixed when it is made.
///
/// Growth: bounded by the adapter's number of entries; a signup lives until its `expires_at`, an
/// address's counts until their windows end.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PendingSignups: Send + Sync {
    /// Keeps a new signup.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn create(&self, new: NewPending, now: Timestamp) -> Result<(), CacheError>;

    /// The signup, unless it has ended or never was.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn load(&self, key: Digest, now: Timestamp) -> Result<Option<PendingEntry>, CacheError>;

    /// Replaces the contents, if their version is still `version`; they have a workspace from now
    /// on. An outstanding code stays valid.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn set_workspace(
        &self,
        key: Digest,
        version: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Replaced, CacheError>;

    /// Issues a code in place of the one before. Checked in this order: the signup, a workspace,
    /// the address's budgets, the pause.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn issue_code(&self, issue: IssueCode) -> Result<IssuedCode, CacheError>;

    /// Takes a code back whose mail could not be queued: it no longer counts, no pause starts,
    /// and `code_was_sent` is what it was before. Nothing happens when a newer code was issued.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn withdraw_code(&self, issued: IssueCode) -> Result<(), CacheError>;

    /// Tries a code.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn try_code(&self, attempt: CodeTry) -> Result<TriedCode, CacheError>;

    /// Gives a lease back and lets the signup go on: something other than the code stood in the
    /// way. The code stays good.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn release(&self, key: Digest, lease: Lease) -> Result<(), CacheError>;

    /// Gives a lease back and counts the guess as a wrong one: the address got an account
    /// meanwhile, and the answer must not say so. Gives the guesses left.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn fail(&self, key: Digest, lease: Lease, now: Timestamp) -> Result<u32, CacheError>;

    /// Removes a signup that is done, whoever holds the lease.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn finish(&self, key: Digest) -> Result<(), CacheError>;

    /// Forgets the wrong guesses of an address, in every budget. For an operator: it may go through
    /// all that is kept. Codes that wrong guesses have burnt stay burnt.
    ///
    /// # Errors
    /// [`CacheError`].
    async fn forget_guesses(&self, address: Digest) -> Result<(), CacheError>;
}
