//! The document beside a session's facts: what is neither named by a column nor searched for.

use std::collections::BTreeMap;

use kogents_domain::auth::Language;
use kogents_domain::session::{ClickIds, ScreenResolution, SessionFacts};
use serde::{Deserialize, Serialize};

use crate::columns::{from_json, json, parsed_opt};
use crate::error::InvalidRow;

const COLUMN: &str = "session_facts.details";

/// The version that is written. Readers know every version up to it.
const VERSION: u16 = 1;

/// The document as it is written today.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Details {
    v: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    screen_resolution: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device_brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device_model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_bot: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_new_device: Option<bool>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    click_ids: BTreeMap<String, String>,
}

/// What the document says, in the domain's types.
pub(super) struct Known {
    pub(super) language: Option<Language>,
    pub(super) screen_resolution: Option<ScreenResolution>,
    pub(super) device_brand: Option<String>,
    pub(super) device_model: Option<String>,
    pub(super) is_bot: Option<bool>,
    pub(super) is_new_device: Option<bool>,
    pub(super) click_ids: ClickIds,
}

impl Details {
    /// The document of some facts.
    pub(super) fn write(facts: &SessionFacts) -> Result<String, InvalidRow> {
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
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        };
        json(&details, COLUMN)
    }

    /// Reads a document.
    pub(super) fn read(text: &str) -> Result<Known, InvalidRow> {
        let details: Self = from_json(text, COLUMN)?;
        if details.v != VERSION {
            return Err(InvalidRow(COLUMN));
        }
        let click_ids = details
            .click_ids
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(Known {
            language: parsed_opt(details.language, Language::parse, COLUMN)?,
            screen_resolution: parsed_opt(
                details.screen_resolution,
                ScreenResolution::parse,
                COLUMN,
            )?,
            device_brand: details.device_brand,
            device_model: details.device_model,
            is_bot: details.is_bot,
            is_new_device: details.is_new_device,
            click_ids: ClickIds::clean(click_ids),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_document_has_its_version_and_no_more() {
        let analytics = kogents_domain::session::Analytics::default();
        let address = std::net::IpAddr::from([192, 0, 2, 1]);
        let facts = SessionFacts::from_client(address, analytics);
        assert_eq!(Details::write(&facts), Ok(r#"{"v":1}"#.to_owned()));
    }

    #[test]
    fn documents_of_another_version_or_form_are_not_read() {
        assert!(Details::read(r#"{"v":1,"isBot":false}"#).is_ok());
        for bad in [
            "{}",
            r#"{"v":2}"#,
            r#"{"v":1,"language":"en_US"}"#,
            r#"{"v":1,"screenResolution":"big"}"#,
            r#"{"v":1,"isBot":"no"}"#,
        ] {
            assert_eq!(Details::read(bad).err(), Some(InvalidRow(COLUMN)), "{bad}");
        }
    }
}
