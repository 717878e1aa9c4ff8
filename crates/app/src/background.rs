//! Work beside the requests: what is handed over once, and what never ends.

mod geography;
mod mail_worker;
mod supervisor;
mod sweeper;
mod tracked;
mod trouble;

pub(crate) use geography::GeographyWatch;
pub(crate) use mail_worker::{MailSignal, MailWorker};
pub(crate) use supervisor::{BackOff, Supervisor};
pub(crate) use sweeper::Sweeper;
pub(crate) use tracked::TrackedBackground;
