//! The facts that have no column of their own: one versioned JSON document.

use std::collections::BTreeMap;

use kogents_domain::session::SessionFacts;
use kogents_domain::store::StoreError;
use serde::{Deserialize, Serialize};

use crate::error::{unreadable, unwritable};

/// The version that is written.
const VERSION: u16 = 1;

/// The document `session_facts.details`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Details {
    v: u16,
    pub(super) language: Option<String>,
    pub(super) screen_resolution: Option<String>,
    pub(super) device_brand: Option<String>,
    pub(super) device_model: Option<String>,
    pub(super) is_bot: Option<bool>,
    pub(super) is_new_device: Option<bool>,
    #[serde(default)]
    pub(super) click_ids: BTreeMap<String, String>,
}

impl Details {
    /// The document of a session's facts.
    pub(super) fn write(facts: &SessionFacts) -> Result<String, StoreError> {
        let details = Self {
            v: VERSION,
            language: facts.language.as_ref().map(|tag| tag.as_str().to_owned()),
            screen_resolution: facts
                .screen_resolution
                .as_ref()
                .map(|size| size.as_str().to_owned()),
            device_brand: facts.device_brand.clone(),
            device_model: facts.device_model.clone(),
            is_bot: facts.is_bot,
            is_new_device: facts.is_new_device,
            click_ids: facts
                .click_ids
                .iter()
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        };
        serde_json::to_string(&details).map_err(|error| unwritable("session_facts.details", &error))
    }

    /// Reads a document of a known version.
    pub(super) fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .ok()
            .filter(|details: &Self| details.v == VERSION)
            .ok_or_else(|| unreadable("session_facts.details"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_another_version_is_not_guessed_at() {
        assert!(Details::read(r#"{"v":1}"#).is_ok());
        assert!(Details::read(r#"{"v":2}"#).is_err());
        assert!(Details::read("{}").is_err());
    }
}
