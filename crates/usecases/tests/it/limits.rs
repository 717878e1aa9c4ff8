//! Rate limits.

mod admit_request;
mod rate_limits;
