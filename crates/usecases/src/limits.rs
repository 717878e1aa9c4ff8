//! Rate limits.

mod admit_request;
mod rate_limits;

pub use admit_request::{AdmitRequest, AdmitRequestCommand, AdmitRequestError, Toll};
pub(crate) use rate_limits::note;
pub use rate_limits::{Held, Limited, RateLimits};
