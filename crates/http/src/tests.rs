//! Tests of the whole stack of this crate, over mocked ports.

pub(crate) mod fixture;

mod access;
mod answers;
mod api_token;
mod audit;
mod cookie_routes;
mod cors;
mod errors;
mod every_route;
mod export;
mod health;
mod live_server;
mod methods;
mod metrics_listener;
mod parsers;
mod people;
mod profile;
mod walk;
