//! Tests of the whole stack of this crate, over mocked ports.

pub(crate) mod fixture;

mod access;
mod answers;
mod cors;
mod live_server;
mod methods;
