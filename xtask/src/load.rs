//! `xtask load`: the load tool of `cargo xtask bench`, which starts it as a process of its own.
//!
//! Why one more: the tools that there are do not fit. wrk has no open loop; oha sends the same
//! head with every request, but each of ours has a bearer token, an address or a refresh token of
//! its own; vegeta takes as much of the processors as the server does, and both share them.
//!
//! This one is a single thread. It sends requests that were prepared as bytes, over connections
//! that stay open, and reads of an answer what tells where it ends. Either each connection sends
//! the next request when the last is answered, or requests are due by the clock, and are late from
//! the moment they were due (a timer's millisecond is in that figure). It says in one line of JSON
//! what came back. The whole of it is tried in `load/tests.rs`.

mod connection;
mod counts;
pub(crate) mod frames;
pub(crate) mod request;
mod response;
mod schedule;
pub(crate) mod summary;
#[cfg(test)]
mod tests;
mod work;

use crate::failure::{Failure, Outcome};

/// Sends what the arguments say, and prints what came of it.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let request = request::read(arguments)?;
    let frames = frames::read(&request.requests)?;
    let summary = work::run(&request, frames)?;
    println!("{}", summary.to_line()?);
    Ok(())
}

/// What is wrong with the runtime or the network, in a sentence.
fn cannot(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{what}: {error}"))
}
