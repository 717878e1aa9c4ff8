//! What arrives through somebody else's link: cleaned or dropped, never refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::cut;

const MAX_URL: usize = 2_048;

/// Parts of query names whose values are taken for secrets.
const SECRET_NAMES: [&str; 14] = [
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "code",
    "key",
    "auth",
    "session",
    "sid",
    "jwt",
    "signature",
    "otp",
    "credential",
];

/// Cleans a referrer or landing page: http, https or android-app only; user information, fragment
/// and the values of query members that look like secrets are removed; cut at 2,048 characters.
/// None for everything that is no such URL.
#[must_use]
pub fn clean_url(text: &str) -> Option<String> {
    let mut url = Url::parse(text.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https" | "android-app") || !url.has_host() {
        return None;
    }
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if url.query().is_some() {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .map(|(name, value)| {
                let value = if looks_secret(&name) {
                    String::new()
                } else {
                    value.into_owned()
                };
                (name.into_owned(), value)
            })
            .collect();
        if kept
            .iter()
            .any(|(name, value)| value.is_empty() && looks_secret(name))
        {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    Some(cut(url.as_str(), MAX_URL).to_owned())
}

fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// Cleans a campaign value: trimmed, control characters removed, cut at `max` characters. None
/// when nothing is left.
#[must_use]
pub fn clean_utm(text: &str, max: usize) -> Option<String> {
    let cleaned: String = text.chars().filter(|c| !c.is_control()).collect();
    let cut = cut(cleaned.trim(), max).trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// Click ids of advertising platforms, by the platform's name for them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClickIds(BTreeMap<String, String>);

impl ClickIds {
    /// The names that are kept.
    pub const KNOWN: [&'static str; 9] = [
        "gclid",
        "gbraid",
        "wbraid",
        "dclid",
        "fbclid",
        "msclkid",
        "ttclid",
        "twclid",
        "li_fat_id",
    ];

    /// Keeps the known names, values cleaned and cut at 255 characters.
    #[must_use]
    pub fn clean<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(
            pairs
                .into_iter()
                .filter(|(name, _)| Self::KNOWN.contains(name))
                .filter_map(|(name, value)| Some((name.to_owned(), clean_utm(value, 255)?)))
                .collect(),
        )
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_leave_a_url() {
        let cleaned = clean_url("https://u:p@shop.example/a?utm_source=x&reset_token=abc#frag");
        assert_eq!(
            cleaned.as_deref(),
            Some("https://shop.example/a?utm_source=x&reset_token=")
        );
        assert_eq!(
            clean_url(" https://shop.example ").as_deref(),
            Some("https://shop.example/")
        );
    }

    #[test]
    fn other_schemes_are_dropped() {
        for bad in [
            "javascript:alert(1)",
            "ftp://x.example",
            "nonsense",
            "http://",
            "data:,x",
        ] {
            assert_eq!(clean_url(bad), None, "{bad}");
        }
        assert!(clean_url("android-app://com.example.app/").is_some());
    }

    #[test]
    fn campaign_values_are_cut_and_cleaned() {
        assert_eq!(
            clean_utm(" spring\u{0007} sale ", 255).as_deref(),
            Some("spring sale")
        );
        assert_eq!(clean_utm(&"x".repeat(300), 255).map(|v| v.len()), Some(255));
        assert_eq!(clean_utm(" \n", 255), None);
    }

    #[test]
    fn only_known_click_ids_are_kept() {
        let ids = ClickIds::clean([("gclid", "abc"), ("evil", "x"), ("fbclid", " ")]);
        assert_eq!(ids.iter().collect::<Vec<_>>(), [("gclid", "abc")]);
    }
}
