//! Work beside the requests: what is handed over once, and what never ends.

mod activity_flush;
mod database_watch;
mod geography;
mod mail_queue_watch;
mod mail_worker;
mod notices;
mod supervisor;
mod sweeper;
mod tracked;
mod trouble;
mod upkeep;

pub(crate) use activity_flush::ActivityFlusher;
pub(crate) use database_watch::DatabaseWatch;
pub(crate) use geography::GeographyWatch;
pub(crate) use mail_queue_watch::MailQueueWatch;
pub(crate) use mail_worker::{MailSignal, MailWorker, Share};
pub(crate) use notices::NoticeReader;
pub(crate) use supervisor::{BackOff, Supervisor};
pub(crate) use sweeper::Sweeper;
pub(crate) use tracked::TrackedBackground;
pub(crate) use upkeep::Upkeep;
