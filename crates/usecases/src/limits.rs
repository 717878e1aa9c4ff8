//! Rate limits.

mod admit_request;
mod rate_limits;

pub use admit_request::{AdmitRequest, AdmitRequestCommand, Toll};
pub(crate) use rate_limits::note;
pub use rate_limits::{Held, Limited, RateLimits};
