//! The audit log: writing it, reading it, keeping it short.

mod audit_desk;
mod doer;
mod list_audit;
mod list_own_acts;
mod sweep_audit;

pub use audit_desk::AuditDesk;
pub(crate) use audit_desk::Deed;
pub(crate) use doer::Doer;
pub use list_audit::{ListAudit, ListAuditCommand, ListAuditError};
pub use list_own_acts::{ListOwnActs, ListOwnActsCommand, ListOwnActsError};
pub use sweep_audit::{SweepAudit, SweepAuditError, SweptAudit};
