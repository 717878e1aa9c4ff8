//! Signing in, staying signed in, signing out.

mod bodies;
mod signed_in_answer;

pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod read_profile;
pub(crate) mod refresh;

pub(crate) use bodies::{LogInBody, RefreshTokenBody};
pub(crate) use signed_in_answer::answer_signed_in;
