//! The name of a workspace.

use serde::{Deserialize, Serialize};

use crate::text::parse_name;
use crate::violation::Violation;

/// A workspace's name: trimmed, 2 to 100 characters of any script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkspaceName(String);

impl WorkspaceName {
    /// Reads a name.
    ///
    /// # Errors
    /// See [`parse_name`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        parse_name(text, 2, 100).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
