//! The HTTP side of Kogents: routes, extractors, problems, pages and the published document.
//!
//! A request passes, from outside in: request id, log line, figures, security headers, CORS,
//! problem rendering, the deadline of its body, the table of routes, the access its route
//! declares, and the handler, which reads the body, runs one use case and presents the result.
//!
//! [`Http`] is what the server needs; [`serve`] starts it on a listener.

mod accept;
mod access;
mod audit;
mod auth;
mod body;
mod client_address;
mod cookies;
mod cursor;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod guarded_stream;
mod health;
mod input;
mod limits;
mod metrics;
mod metrics_server;
mod middleware;
mod openapi;
mod origin;
mod pages;
mod people;
mod problem;
mod readiness;
mod roles;
mod routes;
mod run;
mod server;
mod session;
mod settings;
mod signup;
mod state;
mod timed_stream;
mod views;
mod workspace;

#[cfg(test)]
mod tests;

pub use client_address::ForwardingWarning;
pub use metrics::{HttpMetrics, MetricsError};
pub use metrics_server::metrics_server;
pub use openapi::{openapi_json, walk};
pub use origin::{InvalidOrigin, Origin};
pub use readiness::Readiness;
pub use server::serve;
pub use settings::HttpSettings;
pub use state::{
    AccessUseCases, HealthUseCases, Http, PeopleUseCases, ProfileUseCases, UseCases,
    WorkspaceUseCases,
};
pub use views::rfc3339;
