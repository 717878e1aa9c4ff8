//! Looking at one's sessions and ending them.

mod end_other_sessions;
mod end_session;
mod list_sessions;
mod session_gate;

pub use end_other_sessions::{EndOtherSessions, EndOtherSessionsError};
pub use end_session::{EndSession, EndSessionCommand, EndSessionError};
pub use list_sessions::{ListSessions, ListSessionsCommand, ListSessionsError, SessionList};
pub use session_gate::SessionGate;
