//! The published document (OpenAPI 3.1), made of the table of routes.
//!
//! What belongs to one operation stands beside its handler, in `#[utoipa::path]`: request,
//! answer, parameters, and its own problems, named by [`problems!`]. What follows from the table
//! or from the shape of a request is added here: access, and the problems of bodies, queries,
//! tokens, limits and of the server itself.

mod document;
mod problem_responses;
mod route_doc;
pub mod walk;

pub(crate) use document::document;
pub(crate) use problem_responses::{problem_responses, problems};
pub(crate) use route_doc::{OperationDoc, RouteDoc};

/// The document as the server publishes it, in JSON. It is the same for every server of one
/// version, whatever its settings.
#[must_use]
pub fn openapi_json() -> String {
    // The document is plain data: serialising it cannot fail.
    document(&crate::routes::documented())
        .to_pretty_json()
        .unwrap_or_default()
}
