//! A language tag.

use serde::{Deserialize, Serialize};

use crate::violation::Violation;

/// A well-formed language tag (BCP 47, RFC 5646), at most 35 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// Reads a tag, trimmed, into its canonical letter case.
    ///
    /// # Errors
    /// `REQUIRED_FIELD`, `INVALID_LENGTH` above 35 characters, `INVALID_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::required());
        }
        if text.chars().count() > 35 {
            return Err(Violation::too_long(35));
        }
        oxilangtag::LanguageTag::parse_and_normalize(text)
            .map(|tag| Self(tag.into_inner()))
            .map_err(|_| Violation::format("must be a language tag such as en or pt-BR"))
    }

    /// English, the language of whoever states none.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;

    #[test]
    fn tags_are_put_in_canonical_case() {
        assert_eq!(Language::parse(" PT-br ").unwrap().as_str(), "pt-BR");
        assert_eq!(
            Language::parse("zh-hant-tw").unwrap().as_str(),
            "zh-Hant-TW"
        );
    }

    #[test]
    fn other_text_is_refused() {
        for bad in ["e", "en_US", "en-", "english language", "*"] {
            let violation = Language::parse(bad).unwrap_err();
            assert_eq!(violation.code, ViolationCode::InvalidFormat, "{bad}");
        }
    }
}
