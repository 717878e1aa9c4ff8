//! The IP database as a file: every layout, damaged files, and files that are replaced.

#![expect(
    clippy::unwrap_used,
    reason = "tests: a failure here is a failed test, and says so loudly"
)]

mod addresses;
mod damaged;
mod layouts;
mod reload;
mod support;
mod swapping;
