//! The audit log: who did what, kept apart from what it tells of.

mod action;
mod audit_repository;
mod details;
mod entry;
mod target;

pub use action::AuditAction;
pub use audit_repository::{AuditActor, AuditFilter, AuditRecord, AuditRepository};
pub use details::{AuditDetail, AuditDetails};
pub use entry::{AuditEntry, AuditKey, KEPT};
pub use target::{AuditKind, AuditTarget};

#[cfg(feature = "mock")]
pub use audit_repository::MockAuditRepository;
