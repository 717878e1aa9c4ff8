//! Request bodies: from bytes to checked values, with every violation reported at once.
//!
//! [`read`] takes the bytes and makes a [`Body`], or says why they are no JSON object.
//! [`Body::parse`] lends the members to a reader, which asks for each by name through [`Fields`]:
//!
//! ```text
//! body.parse(|fields| {
//!     let email = fields.required("email", EmailAddress::parse);
//!     let password = fields.required("password", EnteredPassword::parse);
//!     Some(LogInInput { email: email?, password: password? })
//! })
//! ```
//!
//! The reader asks for everything before it gives up on anything, so that nothing wrong goes
//! unreported; members it did not ask for are refused.

mod analytics;
mod branding;
mod current_password;
mod fields;
mod reading;
mod tree;

pub(crate) use analytics::{read_analytics, with_analytics};
pub(crate) use branding::{BrandingBody, read_branding, read_branding_change};
pub(crate) use current_password::read_current_password;
pub(crate) use fields::Fields;
pub(crate) use reading::{read, read_beacon, read_nothing, read_or_empty};

use crate::problem::{Code, FieldError, Problem};
use tree::Members;

/// A body that is one well-formed JSON object.
#[derive(Debug)]
pub(crate) struct Body(Members);

impl Body {
    /// Reads a body's bytes.
    ///
    /// # Errors
    /// `malformed_json`.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        tree::parse_object(bytes)
            .map(Self)
            .map_err(|detail| Problem::new(Code::MalformedJson).detail(detail))
    }

    /// A body without members.
    pub(crate) const fn empty() -> Self {
        Self(Members::new())
    }

    /// Whether a member is there; `null` is as good as absent.
    pub(crate) fn has(&self, name: &str) -> bool {
        Fields::of(&self.0).is_present(name)
    }

    /// Reads values out of the body.
    ///
    /// # Errors
    /// `validation_failed` with every violation, unknown members last. Of more than
    /// [`Problem::MAX_REPORTED`] the answer names the first ones and counts the rest.
    pub(crate) fn parse<T>(
        &self,
        reader: impl FnOnce(&mut Fields<'_>) -> Option<T>,
    ) -> Result<T, Problem> {
        let (value, errors) = self.parse_partly(reader);
        match value {
            Some(value) if errors.is_empty() => Ok(value),
            _ if !errors.is_empty() => Err(Problem::validation(errors)),
            _ => Err(Problem::new(Code::Internal)
                .cause("a body's reader gave nothing and named no violation")),
        }
    }

    /// Reads values out of the body and gives what there is beside what is wrong, for a reader
    /// that has more to check.
    pub(crate) fn parse_partly<T>(
        &self,
        reader: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> (T, Vec<FieldError>) {
        let mut fields = Fields::of(&self.0);
        let value = reader(&mut fields);
        (value, fields.finish())
    }
}

#[cfg(test)]
mod tests;
