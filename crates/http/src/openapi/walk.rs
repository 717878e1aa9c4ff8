//! Walks a published document and derives requests that it says are refused.
//!
//! For every operation with a body: each property missing, of a wrong type, too short, too long,
//! out of range or of a wrong form, one member too many, and bodies that are no JSON object at
//! all, each with the answer that the document promises. Whoever has a server, or a reader, can
//! check that it keeps the promises. Every derived request fails validation, so that nothing is
//! changed by sending it.

mod bodies;
mod properties;
mod schema;

use serde_json::Value;

/// A request that must be refused, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What is wrong with it, for the message of a test.
    pub name: String,
    /// The method, in upper case.
    pub method: String,
    /// The path, as the document spells it.
    pub path: String,
    /// Whether the operation asks for an access token.
    pub signed_in: bool,
    /// The `Content-Type` to send.
    pub content_type: &'static str,
    /// The body to send.
    pub body: String,
    /// The answer to expect.
    pub expected: Expected,
}

impl Case {
    /// A header to send with every case: bodies that only native clients may send are then taken
    /// for theirs, and other routes do not care.
    pub const HEADER: (&'static str, &'static str) = ("X-Client-Type", "native");
}

/// The answer that a case must get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The status.
    pub status: u16,
    /// The problem's code.
    pub code: &'static str,
    /// With `validation_failed`: the one field that is wrong, and its code.
    pub violation: Option<(String, &'static str)>,
}

/// Every case that a document gives.
#[must_use]
pub fn cases(document: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema")
            else {
                continue;
            };
            let signed_in = needs_token(operation);
            let schema = schema::resolve(document, schema);
            for refused in bodies::refused(document, schema) {
                cases.push(Case {
                    name: refused.name,
                    method: method.to_ascii_uppercase(),
                    path: path.clone(),
                    signed_in,
                    content_type: refused.content_type,
                    body: refused.body,
                    expected: refused.expected,
                });
            }
        }
    }
    cases
}

/// Whether an operation can be called with an access token and cannot be called without any token:
/// none of the ways to call it that it lists is without one.
#[must_use]
pub fn needs_token(operation: &Value) -> bool {
    operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|ways| {
            let names_a_token = |way: &Value| way.as_object().is_some_and(|way| !way.is_empty());
            ways.iter().all(names_a_token) && ways.iter().any(|way| way.get("bearer").is_some())
        })
}

/// A path of the document with something in place of its parameters: of what they name there is
/// nothing, so that no request to it changes anything, but for pages, which there are.
#[must_use]
pub fn sample_path(template: &str) -> String {
    let handle = format!("ses_{}", "A".repeat(43));
    template
        .replace("{id}", "0192f3c0-ffff-7abc-8def-0123456789ab")
        .replace("{slug}", "nobody-has-this")
        .replace("{token}", &handle)
        .replace("{code}", "not_found")
        .replace("{file}", "index.html")
}

/// A value that fits a schema of the document, made of the examples that the schema gives; null
/// where it gives none.
#[must_use]
pub fn example(document: &Value, schema: &Value) -> Value {
    schema::example(document, schema::resolve(document, schema)).unwrap_or(Value::Null)
}
