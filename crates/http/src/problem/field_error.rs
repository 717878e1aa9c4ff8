//! What is wrong with one field of a request.

use kogents_domain::auth::NewPassword;
use kogents_domain::text::cut;
use kogents_domain::violation::{Violation, ViolationCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi::sets;

/// The longest member name of the client's own that is echoed, in characters.
const MAX_ECHOED: usize = 100;

/// One violation and the field it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// A path: `branding.primaryColor`.
    pub(crate) field: String,
    pub(crate) violation: Violation,
}

impl FieldError {
    pub(crate) fn new(field: impl Into<String>, violation: Violation) -> Self {
        Self {
            field: field.into(),
            violation,
        }
    }

    /// A new password that is too easily guessed.
    pub(crate) fn weak_password(field: &'static str) -> Self {
        Self::new(field, NewPassword::too_weak())
    }

    /// A member that is not taken.
    pub(crate) fn unknown(field: impl Into<String>) -> Self {
        Self::new(
            field,
            Violation::new(ViolationCode::UnknownField, "is not known here"),
        )
    }
}

/// A member name as the client chose it, fit to be shown: cut, and without control characters.
pub(crate) fn echoed(name: &str) -> String {
    cut(name, MAX_ECHOED)
        .chars()
        .map(|c| {
            if kogents_domain::text::is_control_or_bidi(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect()
}

/// One entry of a problem's `errors`.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldError)]
pub(crate) struct FieldErrorBody<'p> {
    /// The path of the field.
    #[schema(example = "email")]
    field: &'p str,
    /// What kind of wrong; stable.
    #[schema(value_type = sets::FieldErrorCode)]
    code: &'static str,
    /// What the value must be, for a person.
    #[schema(example = "must be an email address")]
    message: &'p str,
}

impl<'p> From<&'p FieldError> for FieldErrorBody<'p> {
    fn from(error: &'p FieldError) -> Self {
        Self {
            field: &error.field,
            code: error.violation.code.as_str(),
            message: &error.violation.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_clients_own_are_shown_cut_and_clean() {
        assert_eq!(echoed("role"), "role");
        assert_eq!(echoed("a\nb\u{202E}c"), "a\u{FFFD}b\u{FFFD}c");
        assert_eq!(echoed(&"x".repeat(5_000)).len(), 100);
    }
}
