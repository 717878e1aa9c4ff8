//! What else is to be said of a deed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AuditDetail {
    /// A word or a name.
    Text(String),
    /// Several, such as the permissions that a role was given.
    List(Vec<String>),
}

impl From<&str> for AuditDetail {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for AuditDetail {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for AuditDetail {
    fn from(texts: Vec<String>) -> Self {
        Self::List(texts)
    }
}

/// What else is to be said of a deed, by names in camelCase: a JSON object on the wire and in
/// stores. Never a secret and never a mail address in the clear, and of a person nothing but ids,
/// so that an entry tells of nobody who is gone. Bounded by what one request can name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditDetails(BTreeMap<String, AuditDetail>);

impl AuditDetails {
    /// Nothing else.
    #[must_use]
    pub const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// One more.
    #[must_use]
    pub fn with(mut self, name: &str, detail: impl Into<AuditDetail>) -> Self {
        self.0.insert(name.to_owned(), detail.into());
        self
    }

    /// What something was and what it is now, as `<name>From` and `<name>To`; nothing where both
    /// are the same.
    #[must_use]
    pub fn with_change(self, name: &str, from: &str, to: &str) -> Self {
        if from == to {
            return self;
        }
        self.with(&format!("{name}From"), from)
            .with(&format!("{name}To"), to)
    }

    /// The details by their names.
    #[must_use]
    pub const fn by_name(&self) -> &BTreeMap<String, AuditDetail> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_one_object() {
        let details = AuditDetails::none()
            .with("reason", "logout")
            .with("added", vec!["chat:read".to_owned()])
            .with_change("role", "agent", "manager")
            .with_change("status", "ACTIVE", "ACTIVE");
        let json = serde_json::to_string(&details).unwrap();
        assert_eq!(
            json,
            r#"{"added":["chat:read"],"reason":"logout","roleFrom":"agent","roleTo":"manager"}"#
        );
        assert_eq!(
            serde_json::from_str::<AuditDetails>(&json).unwrap(),
            details
        );
    }
}
