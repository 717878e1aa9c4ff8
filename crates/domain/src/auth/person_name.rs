//! The name a person goes by.

use serde::{Deserialize, Serialize};

use crate::text::parse_name;
use crate::violation::Violation;

/// A person's name: trimmed, 1 to 100 characters of any script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name.
    ///
    /// # Errors
    /// See [`parse_name`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        parse_name(text, 1, 100).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
