//! Looking at one's sessions and ending them.

pub(crate) mod end_other_sessions;
pub(crate) mod end_session;
pub(crate) mod list_sessions;
