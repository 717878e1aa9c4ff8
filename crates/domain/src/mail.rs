//! Mail: what is said, the queue it goes through, and who delivers it.

mod mailbox;
mod mailer;
mod message;
mod outbox;
mod outbox_repository;

pub use mailbox::{MailboxMessage, MailboxReader};
pub use mailer::{MailRenderer, Mailer, MailerError, OutgoingMail};
pub use message::{Lane, MailMessage, Template};
pub use outbox::{Dedupe, MailJob, QueuedMail, RetryPlan};
pub use outbox_repository::{ClaimDue, OutboxRepository, OutboxSignal};

#[cfg(feature = "mock")]
pub use {
    mailer::{MockMailRenderer, MockMailer},
    outbox_repository::{MockOutboxRepository, MockOutboxSignal},
};
