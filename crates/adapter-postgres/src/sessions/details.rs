//! The facts that have no column of their own: one versioned JSON document.

use std::collections::BTreeMap;

use kogents_domain::session::{FromFrontend, SessionFacts};
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
    /// Which derivable facts the frontend gave. Documents without this were filled by the frontend
    /// alone.
    from_frontend: Option<Vec<String>>,
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
            from_frontend: Some(names(facts.from_frontend)),
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

    /// What the frontend gave; None where the document does not say.
    pub(super) fn given_by_frontend(&self) -> Result<Option<FromFrontend>, StoreError> {
        let Some(names) = &self.from_frontend else {
            return Ok(None);
        };
        let mut given = FromFrontend::default();
        for name in names {
            match name.as_str() {
                "country" => given.country = true,
                "coordinate" => given.coordinate = true,
                "timezone" => given.timezone = true,
                "language" => given.language = true,
                _ => return Err(unreadable("session_facts.details")),
            }
        }
        Ok(Some(given))
    }
}

fn names(given: FromFrontend) -> Vec<String> {
    [
        (given.country, "country"),
        (given.coordinate, "coordinate"),
        (given.timezone, "timezone"),
        (given.language, "language"),
    ]
    .into_iter()
    .filter(|(is_given, _)| *is_given)
    .map(|(_, name)| name.to_owned())
    .collect()
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

    #[test]
    fn what_came_from_the_frontend_is_told_or_not_and_never_guessed_at() {
        let told = |text: &str| Details::read(text).unwrap().given_by_frontend();
        assert_eq!(told(r#"{"v":1}"#), Ok(None));
        let nothing = told(r#"{"v":1,"fromFrontend":[]}"#);
        assert_eq!(nothing, Ok(Some(FromFrontend::default())));
        let language = FromFrontend {
            language: true,
            ..FromFrontend::default()
        };
        let told_of = told(r#"{"v":1,"fromFrontend":["language"]}"#);
        assert_eq!(told_of, Ok(Some(language)));
        assert!(told(r#"{"v":1,"fromFrontend":["weather"]}"#).is_err());
    }
}
