//! A mail job: one mail to one recipient, written with the change it tells of.

use crate::auth::{EmailAddress, Language};
use crate::digest::Digest;
use crate::ids::MailId;
use crate::mail::{Lane, Template};
use crate::time::Timestamp;

/// A mail to queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailJob {
    /// Identity; the mail's Message-ID on every try.
    pub id: MailId,
    /// Which template renders it.
    pub template: Template,
    /// In which language.
    pub language: Language,
    /// To whom.
    pub recipient: EmailAddress,
    /// The sealed [`Letter`](super::Letter), wiped when the job is finished.
    pub sealed: Vec<u8>,
    /// Not queued while a job with the same key was queued within the window.
    pub dedupe: Option<Dedupe>,
    /// A newer job with the same key voids older unsent ones.
    pub replace_key: Option<Digest>,
    /// Not before this moment.
    pub run_at: Timestamp,
    /// Not from this moment on; the job is then dropped. None: until it is given up.
    pub expires_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// At most one mail of a kind in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dedupe {
    /// What makes two jobs the same, keyed where it names an address.
    pub key: Digest,
    /// Until when another one is not queued.
    pub until: Timestamp,
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMail {
    /// Identity.
    pub id: MailId,
    /// Which template renders it.
    pub template: Template,
    /// Which lane it waits in.
    pub lane: Lane,
    /// In which language.
    pub language: Language,
    /// To whom.
    pub recipient: EmailAddress,
    /// The sealed letter.
    pub sealed: Vec<u8>,
    /// Tries that were begun, this one included.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is dropped.
    pub expires_at: Option<Timestamp>,
}
