//! Ports that are measured: each passes everything on to the adapter behind it and tells the
//! figures how that went. So adapters know nothing of figures, and all are measured alike.

mod passwords;
mod pending_signups;
mod rate_limiter;
mod session_counters;
mod session_states;

pub(crate) use passwords::MeasuredPasswords;
pub(crate) use pending_signups::MeasuredPendingSignups;
pub(crate) use rate_limiter::{MeasuredLocalLimiter, MeasuredRateLimiter};
pub(crate) use session_counters::MeasuredSessionCounters;
pub(crate) use session_states::MeasuredSessionStates;
