//! What an IP database knows of an address.

use super::{Coordinate, CountryCode, TimeZoneName};

/// Where an address is, by an IP database. What is unknown is None; an address of which nothing
/// is known has an empty place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IpPlace {
    /// The country.
    pub country_code: Option<CountryCode>,
    /// The city's name in English, as [`IpPlace::city_name`] gives it.
    pub city: Option<String>,
    /// The largest subdivision of the country, as [`IpPlace::subdivision`] gives it.
    pub region_code: Option<String>,
    /// The point; databases mean the middle of some area with it.
    pub coordinate: Option<Coordinate>,
    /// The time zone.
    pub timezone: Option<TimeZoneName>,
}

impl IpPlace {
    /// The longest name of a city that is kept, in characters.
    pub const CITY_LIMIT: usize = 100;

    /// A city's name, trimmed; None for what is empty, longer than [`IpPlace::CITY_LIMIT`], or
    /// has control characters in it.
    #[must_use]
    pub fn city_name(text: &str) -> Option<String> {
        let text = text.trim();
        let is_name = !text.is_empty()
            && text.chars().count() <= Self::CITY_LIMIT
            && !text.chars().any(char::is_control);
        is_name.then(|| text.to_owned())
    }

    /// The part of a subdivision's code after the hyphen: one to three letters or digits, upper
    /// case (ISO 3166-2). Takes the whole code as well: `DE-BE` is `BE`.
    #[must_use]
    pub fn subdivision(text: &str) -> Option<String> {
        let text = text.trim();
        let (country, code) = text.split_once('-').unwrap_or(("", text));
        let is_code = (1..=3).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && (country.is_empty() || CountryCode::parse(country).is_ok());
        (is_code && !text.starts_with('-')).then(|| code.to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citys_name_is_one_short_line() {
        assert_eq!(IpPlace::city_name(" K\u{F6}ln "), Some("K\u{F6}ln".into()));
        let longest = "\u{F6}".repeat(IpPlace::CITY_LIMIT);
        assert_eq!(IpPlace::city_name(&longest), Some(longest.clone()));
        for bad in ["", "  ", "a\nb", "a\0b", &format!("{longest}a")] {
            assert_eq!(IpPlace::city_name(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_subdivision_is_what_follows_the_hyphen() {
        for (text, code) in [
            ("BE", "BE"),
            (" be ", "BE"),
            ("DE-BE", "BE"),
            ("ENG", "ENG"),
            ("gb-eng", "ENG"),
            ("1", "1"),
            ("13", "13"),
        ] {
            assert_eq!(IpPlace::subdivision(text).as_deref(), Some(code), "{text}");
        }
        for bad in [
            "", "-", "-BE", "DE-", "Berlin", "XX-BE", "B E", "\u{D6}", "DE-BE-1",
        ] {
            assert_eq!(IpPlace::subdivision(bad), None, "{bad:?}");
        }
    }
}
