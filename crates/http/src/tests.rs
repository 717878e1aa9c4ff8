//! Tests of the whole stack of this crate, over mocked ports.

pub(crate) mod fixture;

mod access;
mod answers;
mod cookie_routes;
mod cors;
mod errors;
mod every_route;
mod live_server;
mod methods;
mod metrics_listener;
mod parsers;
mod people;
mod profile;
mod walk;
