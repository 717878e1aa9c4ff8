//! Builds a mail job.

use kogents_domain::auth::Language;
use kogents_domain::digest::Digest;
use kogents_domain::ids::MailId;
use kogents_domain::mail::{Dedupe, MailJob, Template};
use kogents_domain::time::Timestamp;

use super::{START, unique_address, unique_id};

/// Builds a mail job.
#[must_use]
#[derive(Debug, Clone)]
pub struct MailJobBuilder(MailJob);

/// A job that is due at [`START`] and never expires, to an address that no other has.
pub fn a_mail_job(template: Template) -> MailJobBuilder {
    let id = MailId::from_uuid(unique_id());
    MailJobBuilder(MailJob {
        id,
        template,
        language: Language::english(),
        recipient: unique_address(),
        sealed: id.as_uuid().as_bytes().to_vec(),
        dedupe: None,
        replace_key: None,
        run_at: START,
        expires_at: None,
        created_at: START,
    })
}

impl MailJobBuilder {
    /// Queues it at another moment, due at once.
    pub fn queued_at(mut self, at: Timestamp) -> Self {
        self.0.created_at = at;
        self.0.run_at = at;
        self
    }

    /// Makes it wait until a moment.
    pub fn run_at(mut self, at: Timestamp) -> Self {
        self.0.run_at = at;
        self
    }

    /// Lets it expire.
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.0.expires_at = Some(at);
        self
    }

    /// Lets at most one job with the key be queued until a moment.
    pub fn dedupe(mut self, key: Digest, until: Timestamp) -> Self {
        self.0.dedupe = Some(Dedupe { key, until });
        self
    }

    /// Lets it void older jobs with the key.
    pub fn replace_key(mut self, key: Digest) -> Self {
        self.0.replace_key = Some(key);
        self
    }

    /// Changes anything else.
    pub fn with(mut self, change: impl FnOnce(&mut MailJob)) -> Self {
        change(&mut self.0);
        self
    }

    /// The job.
    #[must_use]
    pub fn build(self) -> MailJob {
        self.0
    }
}
