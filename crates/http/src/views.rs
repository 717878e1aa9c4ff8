//! Answers: what use cases give, as the client sees it.

mod branding;
mod done;
mod moment;
mod profile;
mod session;
mod signed_in;
mod signup;
mod tokens;
mod workspace;

pub(crate) use done::{DoneForAddressView, DoneView};
pub use moment::rfc3339;
pub(crate) use profile::ProfileView;
pub(crate) use session::{
    CurrentSessionView, EndedSessionView, EndedSessionsView, OpenedSessionView, SessionView,
    SessionsView,
};
pub(crate) use signed_in::SignedInView;
pub(crate) use signup::{CodeSentView, ResumedSignupView, SignupView, SignupWithWorkspaceView};
pub(crate) use tokens::{OtherClientTokensView, TokensView};
