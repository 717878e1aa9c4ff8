//! Rate limits: how often something may be done, by whom, and the port that counts.
//!
//! The algorithm is the generic cell rate algorithm (GCRA; ITU-T I.371): a [`Limit`] of `quota` in
//! `window` lets `quota` through at once and one more every `window / quota` afterwards. One number
//! is kept for each counter, whatever its quota, so that the memory it takes is bounded by the
//! number of counters alone, and the wait it states is exact. A sliding window would need every
//! moment of the last window for that.

mod client_network;
mod ledger;
mod limit;
mod rate_limiter;
mod rule;
mod rules;
mod standing;

pub use client_network::ClientNetwork;
pub use ledger::LimitLedger;
pub use limit::{Level, Limit};
pub use rate_limiter::{Charge, LimitSubject, RateLimiter, Taken};
pub use rule::LimitRule;
pub use rules::LimitRules;
pub use standing::LimitStanding;

#[cfg(feature = "mock")]
pub use rate_limiter::MockRateLimiter;
