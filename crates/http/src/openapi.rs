//! The published document (OpenAPI 3.1), made of the table of routes.
//!
//! What belongs to one operation stands beside its handler, in `#[utoipa::path]`: request,
//! answer, parameters, and its own problems, named by [`problems!`]. What follows from the table
//! or from the shape of a request is added here: access, and the problems of bodies, queries,
//! tokens, limits and of the server itself.

mod document;
mod problem_responses;
mod route_doc;
pub(crate) mod sets;
pub mod walk;

pub(crate) use document::document;
pub(crate) use problem_responses::{problem_responses, problems};
pub(crate) use route_doc::{OperationDoc, RouteDoc};

use crate::routes::{self, Entry};

/// The document of every route there may be, in JSON, the same for every server of one version.
/// What a server publishes is this without the routes that it does not have: those of the
/// development mailbox, which have the tag `development`.
#[must_use]
pub fn openapi_json() -> String {
    json_of(routes::all())
}

/// The document of these routes, in JSON.
pub(crate) fn json_of(entries: Vec<Entry>) -> String {
    // The document is plain data: serialising it cannot fail.
    document(&routes::documented(entries))
        .to_pretty_json()
        .unwrap_or_default()
}
