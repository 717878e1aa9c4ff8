//! Writing mail jobs and working them off.

mod deliver_mail;
mod mail_desk;
mod sweep_outbox;

pub use deliver_mail::{DeliverMail, DeliverMailError};
pub use mail_desk::{MailDesk, MailDeskError};
pub use sweep_outbox::{SweepOutbox, SweepOutboxError};
