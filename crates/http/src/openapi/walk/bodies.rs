//! Bodies that an operation must refuse.

use serde_json::Value;

use super::Expected;
use super::properties::violations;
use super::schema;

const JSON: &str = "application/json";
/// What no operation takes.
const FORM: &str = "application/x-www-form-urlencoded";
/// One octet more than a body may have.
const TOO_LARGE: usize = 64 * 1024 + 1;
/// One level more than a body may have, the object around it included.
const TOO_DEEP: usize = 32;

/// A body to send and the answer to expect.
pub(super) struct RefusedBody {
    pub(super) name: String,
    pub(super) content_type: &'static str,
    pub(super) body: String,
    pub(super) expected: Expected,
}

/// Everything an operation with this body must refuse.
pub(super) fn refused(document: &Value, schema: &Value) -> Vec<RefusedBody> {
    let fitting = schema::example(document, schema).unwrap_or(Value::Null);
    let mut refused = malformed(&fitting);
    refused.extend(
        violations(document, schema, &fitting)
            .into_iter()
            .map(|violation| RefusedBody {
                name: format!("{} {}", violation.field, violation.what),
                content_type: JSON,
                body: violation.body.to_string(),
                expected: Expected {
                    status: 400,
                    code: "validation_failed",
                    violation: Some((violation.field, violation.code)),
                },
            }),
    );
    refused
}

fn malformed(fitting: &Value) -> Vec<RefusedBody> {
    let text = fitting.to_string();
    let members = text.trim_start_matches('{').trim_end_matches('}');
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(TOO_DEEP), "]".repeat(TOO_DEEP));
    let bodies = [
        ("a list", "[]".to_owned()),
        ("a text", "\"x\"".to_owned()),
        ("null", "null".to_owned()),
        ("half an object", "{".to_owned()),
        ("an object and more", format!("{text}{{}}")),
        ("a member twice", format!("{{{members},{members}}}")),
        ("a NUL in a text", r#"{"a":"\u0000"}"#.to_owned()),
        ("a NUL in a name", r#"{"\u0000":1}"#.to_owned()),
        ("half a surrogate pair", r#"{"a":"\ud800"}"#.to_owned()),
        ("a number beyond numbers", r#"{"a":1e400}"#.to_owned()),
        ("no number", r#"{"a":NaN}"#.to_owned()),
        ("too many levels", deep),
    ];
    let answer = |status, code| Expected {
        status,
        code,
        violation: None,
    };
    bodies
        .into_iter()
        .map(|(name, body)| RefusedBody {
            name: name.to_owned(),
            content_type: JSON,
            body,
            expected: answer(400, "malformed_json"),
        })
        .chain([
            RefusedBody {
                name: "not JSON".to_owned(),
                content_type: FORM,
                body: text,
                expected: answer(415, "unsupported_media_type"),
            },
            RefusedBody {
                name: "too large".to_owned(),
                content_type: JSON,
                body: " ".repeat(TOO_LARGE),
                expected: answer(413, "payload_too_large"),
            },
        ])
        .collect()
}
