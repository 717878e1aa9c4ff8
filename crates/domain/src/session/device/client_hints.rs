//! What a request says of its device.

use super::brands::{BrandList, quoted};
use crate::text::{cut, cut_bytes};

/// The most of a User-Agent that is read, in bytes. Real ones are below 500.
const MAX_USER_AGENT: usize = 1_024;
/// The most of the list of brands that is read, in bytes.
const MAX_BRANDS: usize = 1_024;
/// The most of every other hint, in characters.
const MAX_HINT: usize = 60;

/// The User-Agent and the client hints of a request (WICG "User-Agent Client Hints"), each bounded.
/// A hint that is malformed is as good as absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientHints {
    user_agent: Option<String>,
    brands: BrandList,
    mobile: Option<bool>,
    platform: Option<String>,
    platform_version: Option<String>,
    model: Option<String>,
}

impl ClientHints {
    /// The request headers that are read.
    pub const HEADERS: [&'static str; 6] = [
        "user-agent",
        "sec-ch-ua",
        "sec-ch-ua-mobile",
        "sec-ch-ua-platform",
        "sec-ch-ua-platform-version",
        "sec-ch-ua-model",
    ];

    /// The hints that browsers send only to those who ask for them with `Accept-CH`; the others
    /// come by themselves.
    pub const TO_ASK_FOR: &'static str = "Sec-CH-UA-Platform-Version, Sec-CH-UA-Model";

    /// Reads a request's headers. `header` gives the value of the header with a name, in lower
    /// case, as the bytes it came in; the first value where there are several.
    #[must_use]
    pub fn from_headers<'a>(header: impl Fn(&'static str) -> Option<&'a [u8]>) -> Self {
        let text = |name| header(name).map(String::from_utf8_lossy);
        let hint = |name| {
            let value = quoted(text(name)?.trim())?;
            let value = cut(value.trim(), MAX_HINT).trim_end();
            (!value.is_empty()).then(|| value.to_owned())
        };
        Self {
            user_agent: text("user-agent").and_then(|agent| {
                let agent = cut_bytes(agent.trim(), MAX_USER_AGENT).trim_end();
                (!agent.is_empty()).then(|| agent.to_owned())
            }),
            brands: text("sec-ch-ua").map_or_else(BrandList::default, |list| {
                BrandList::parse(cut_bytes(&list, MAX_BRANDS))
            }),
            mobile: text("sec-ch-ua-mobile").and_then(|flag| match flag.trim() {
                "?1" => Some(true),
                "?0" => Some(false),
                _ => None,
            }),
            platform: hint("sec-ch-ua-platform"),
            platform_version: hint("sec-ch-ua-platform-version"),
            model: hint("sec-ch-ua-model"),
        }
    }

    /// A request that says no more than its User-Agent.
    #[must_use]
    pub fn of_user_agent(user_agent: &str) -> Self {
        Self::from_headers(|name| (name == "user-agent").then_some(user_agent.as_bytes()))
    }

    /// The User-Agent, trimmed, its first 1,024 bytes at most. None when absent or empty.
    #[must_use]
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    /// `Sec-CH-UA`.
    pub(super) const fn brands(&self) -> &BrandList {
        &self.brands
    }

    /// `Sec-CH-UA-Mobile`.
    pub(super) const fn mobile(&self) -> Option<bool> {
        self.mobile
    }

    /// `Sec-CH-UA-Platform`.
    pub(super) fn platform(&self) -> Option<&str> {
        self.platform.as_deref()
    }

    /// `Sec-CH-UA-Platform-Version`.
    pub(super) fn platform_version(&self) -> Option<&str> {
        self.platform_version.as_deref()
    }

    /// `Sec-CH-UA-Model`.
    pub(super) fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_is_cut_at_1024_bytes_between_characters() {
        let long = format!("{}é{}", "x".repeat(1_023), "y".repeat(9_000));
        let hints = ClientHints::of_user_agent(&long);
        assert_eq!(hints.user_agent().map(str::len), Some(1_023));
        let fits = format!("{}é{}", "x".repeat(1_022), "y".repeat(9_000));
        let hints = ClientHints::of_user_agent(&fits);
        assert_eq!(hints.user_agent().map(str::len), Some(1_024));
    }

    #[test]
    fn an_empty_user_agent_is_none() {
        for agent in ["", " ", "\t \t"] {
            assert_eq!(ClientHints::of_user_agent(agent), ClientHints::default());
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        let hints = ClientHints::from_headers(|_| Some(b"\xff\x00\xfe\"\xc3"));
        assert_eq!(hints.user_agent(), Some("\u{fffd}\0\u{fffd}\"\u{fffd}"));
        assert_eq!(
            (hints.mobile, hints.platform, hints.model),
            (None, None, None)
        );
    }

    #[test]
    fn hints_are_read_by_name_and_bounded() {
        let hints = ClientHints::from_headers(|name| {
            match name {
            "sec-ch-ua-mobile" => Some(b" ?1"),
            "sec-ch-ua-platform" => Some(b"\"Android\""),
            "sec-ch-ua-platform-version" => Some(b"\"15.0.0\""),
            "sec-ch-ua-model" => Some(
                b"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            _ => None,
        }
        });
        assert_eq!(hints.mobile(), Some(true));
        assert_eq!(hints.platform(), Some("Android"));
        assert_eq!(hints.platform_version(), Some("15.0.0"));
        assert_eq!(hints.model().map(str::len), Some(MAX_HINT));
    }

    #[test]
    fn what_is_malformed_or_empty_is_absent() {
        for value in ["", "\"\"", "\" \"", "Android", "\"Android", "?2"] {
            let hints = ClientHints::from_headers(|name| {
                (name != "user-agent" && name != "sec-ch-ua").then_some(value.as_bytes())
            });
            assert_eq!(hints, ClientHints::default(), "{value}");
        }
    }
}
