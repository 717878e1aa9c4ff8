//! Mail: what is said, the queue it goes through, and who delivers it.

mod brand;
mod delivery_observer;
mod lane;
mod mail_state;
mod mailbox;
mod mailed_token;
mod mailer;
mod message;
mod outbox;
mod outbox_administration;
mod outbox_repository;
mod retry_plan;
mod template;

pub use brand::MailBrand;
pub use delivery_observer::{DeliveryObserver, DeliveryOutcome};
pub use lane::Lane;
pub use mail_state::MailState;
pub use mailbox::{MailboxMessage, MailboxReader};
pub use mailed_token::MailedToken;
pub use mailer::{MailRenderer, Mailer, MailerError, OutgoingMail};
pub use message::{Letter, MailMessage};
pub use outbox::{Dedupe, MailJob, QueuedMail};
pub use outbox_administration::{LaneDepth, MailEntry, MailFilter, OutboxAdministration};
pub use outbox_repository::{ClaimDue, OutboxRepository, OutboxSignal};
pub use retry_plan::RetryPlan;
pub use template::Template;

#[cfg(feature = "mock")]
pub use {
    delivery_observer::MockDeliveryObserver,
    mailer::{MockMailRenderer, MockMailer},
    outbox_administration::MockOutboxAdministration,
    outbox_repository::{MockOutboxRepository, MockOutboxSignal},
};
