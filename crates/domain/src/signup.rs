//! Signing up: from an unproven address to a person with a workspace.

mod code;
mod guess_budgets;
mod pending;
mod pending_signups;
mod token;

pub use code::OtpCode;
pub use guess_budgets::GuessBudgets;
pub use pending::{PendingSignup, SignupStep, WorkspaceDraft};
pub use pending_signups::{
    CodePolicy, CodeTry, IssueCode, IssuedCode, Lease, NewPending, PendingEntry, PendingSignups,
    Replaced, TriedCode,
};
pub use token::SignupToken;

#[cfg(feature = "mock")]
pub use pending_signups::MockPendingSignups;
