//! Writing mail jobs, working them off, and looking after the queue.

mod addressee;
mod check_mail_queue;
mod claim_mail;
mod deliver_mail;
mod lane_rests;
mod list_mail;
mod mail_desk;
mod mailed_tokens;
mod purge_mail;
mod retry_mail;
mod send_test_mail;
mod settle_mail;
mod show_mail;
mod sweep_outbox;

pub(crate) use addressee::Addressee;
pub use check_mail_queue::{CheckMailQueue, CheckMailQueueError};
pub use claim_mail::{ClaimMail, ClaimMailCommand, ClaimMailError, ClaimedMail};
pub use deliver_mail::{DeliverMail, DeliverMailError};
pub use lane_rests::LaneRests;
pub use list_mail::{ListMail, ListMailCommand, ListMailError};
pub use mail_desk::{MailDesk, MailDeskError};
pub use mailed_tokens::MailedTokens;
pub use purge_mail::{PurgeMail, PurgeMailCommand, PurgeMailError};
pub use retry_mail::{RetryMail, RetryMailCommand, RetryMailError};
pub use send_test_mail::{SendTestMail, SendTestMailError};
pub use settle_mail::{Delivery, SettleMail, SettleMailError, Settlement};
pub use show_mail::{ShowMail, ShowMailError};
pub use sweep_outbox::{SweepOutbox, SweepOutboxError};
