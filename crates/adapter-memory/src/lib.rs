//! The cache ports inside one process: the embedded default.
//!
//! Every method of a port is one atomic step: it runs under one lock, without waiting for
//! anything else. There is no clock in here: entries end by the `now` that callers pass. What is
//! kept is bounded; the bounds are stated where each port is implemented.

mod expiring;
mod pending_signups;
mod probe;
mod rate_limiter;
mod session_states;

pub use pending_signups::MemoryPendingSignups;
pub use probe::MemoryProbe;
pub use rate_limiter::MemoryRateLimiter;
pub use session_states::MemorySessionStates;
