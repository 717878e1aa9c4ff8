//! Signing up.

mod bodies;

pub(crate) mod choose_workspace;
pub(crate) mod confirm_code;
pub(crate) mod resume_signup;
pub(crate) mod send_code;
pub(crate) mod sign_up;

pub(crate) use bodies::{ConfirmCodeBody, SignUpBody, SignupReferenceBody, WorkspaceBody};
