//! Opening further sessions, what they are told and count, looking at them and ending them.

mod bodies;

pub(crate) mod end_other_sessions;
pub(crate) mod end_session;
pub(crate) mod fill_session;
pub(crate) mod list_sessions;
pub(crate) mod open_session;
pub(crate) mod report_activity;

pub(crate) use bodies::{ActivityBody, FillSessionBody, OpenSessionBody};
