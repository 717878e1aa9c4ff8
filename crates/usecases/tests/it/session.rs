//! Tests of looking at one's sessions and ending them.

mod end_other_sessions;
mod end_session;
mod list_sessions;
mod session_gate;
