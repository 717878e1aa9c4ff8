//! The document beside a session's facts: what is neither named by a column nor searched for.

use std::collections::BTreeMap;

use kogents_domain::auth::Language;
use kogents_domain::session::{ClickIds, FromFrontend, ScreenResolution, SessionFacts};
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
    /// Which derivable facts the frontend gave. Always written: older documents lack it.
    #[serde(default)]
    from_frontend: Option<Vec<String>>,
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
    /// None where the document does not say.
    pub(super) from_frontend: Option<FromFrontend>,
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
            from_frontend: Some(names(facts.from_frontend)),
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
            from_frontend: details.from_frontend.as_deref().map(given).transpose()?,
        })
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

fn given(names: &[String]) -> Result<FromFrontend, InvalidRow> {
    let mut given = FromFrontend::default();
    for name in names {
        match name.as_str() {
            "country" => given.country = true,
            "coordinate" => given.coordinate = true,
            "timezone" => given.timezone = true,
            "language" => given.language = true,
            _ => return Err(InvalidRow(COLUMN)),
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_document_has_its_version_and_that_the_frontend_gave_nothing() {
        let analytics = kogents_domain::session::Analytics::default();
        let address = std::net::IpAddr::from([192, 0, 2, 1]);
        let facts = SessionFacts::from_client(address, analytics);
        assert_eq!(
            Details::write(&facts),
            Ok(r#"{"v":1,"fromFrontend":[]}"#.to_owned())
        );
    }

    #[test]
    fn what_came_from_the_frontend_is_told_or_not() {
        let told = |text: &str| Details::read(text).map(|known| known.from_frontend);
        assert_eq!(told(r#"{"v":1}"#), Ok(None));
        let nothing = told(r#"{"v":1,"fromFrontend":[]}"#);
        assert_eq!(nothing, Ok(Some(FromFrontend::default())));
        let language = FromFrontend {
            language: true,
            ..FromFrontend::default()
        };
        let told_of = told(r#"{"v":1,"fromFrontend":["language"]}"#);
        assert_eq!(told_of, Ok(Some(language)));
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
            r#"{"v":1,"fromFrontend":["weather"]}"#,
        ] {
            assert_eq!(Details::read(bad).err(), Some(InvalidRow(COLUMN)), "{bad}");
        }
    }
}
