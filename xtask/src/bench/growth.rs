//! `cargo xtask bench growth`: what operations on sessions cost where there are many of them, beside
//! what they cost where there are few.

mod bounds;
mod databases;
mod figures;
mod request;
#[cfg(test)]
mod sample;
mod server;
mod table;
mod work;

use crate::failure::Outcome;

/// Measures what the arguments ask for.
pub(super) fn run(arguments: &[String]) -> Outcome {
    work::run(&request::read(arguments)?)
}
