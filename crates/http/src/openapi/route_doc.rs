//! What the document needs to know of one route.

use actix_web::http::Method;
use utoipa::__dev::SchemaReferences;
use utoipa::Path;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{RefOr, Schema};

use crate::access::Access;

/// One route of the table:
///
/// ```text
/// RouteDoc {
///     method: Method::POST,
///     path: "/auth/login",
///     access: Access::Public,
///     limited: true,
///     operation: OperationDoc::of::<log_in::__path_log_in>(),
/// }
/// ```
pub(crate) struct RouteDoc {
    /// The method.
    pub(crate) method: Method,
    /// The path as the table spells it; where several routes share a handler, each has its own.
    pub(crate) path: &'static str,
    /// Who may call it.
    pub(crate) access: Access,
    /// Whether it may answer 429 `rate_limited`.
    pub(crate) limited: bool,
    /// What its handler says of it.
    pub(crate) operation: OperationDoc,
}

impl RouteDoc {
    /// The path as the document spells it: without the patterns of its parameters.
    pub(super) fn template(&self) -> String {
        let mut template = String::new();
        let mut in_pattern = false;
        for c in self.path.chars() {
            match c {
                ':' => in_pattern = true,
                '}' => in_pattern = false,
                _ => {}
            }
            if !in_pattern {
                template.push(c);
            }
        }
        template
    }
}

/// What `#[utoipa::path]` above a handler says.
pub(crate) struct OperationDoc {
    pub(super) operation: Operation,
    /// Every schema that the operation refers to, by name.
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

impl OperationDoc {
    /// Of the type that the attribute makes: `__path_log_in` for the handler `log_in`.
    pub(crate) fn of<P: Path + SchemaReferences>() -> Self {
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        Self {
            operation: P::operation(),
            schemas,
        }
    }
}
