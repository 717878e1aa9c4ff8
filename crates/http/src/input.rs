//! What handlers read from a request beside its body.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use kogents_domain::auth::Language;
use kogents_domain::session::ClientHints;
use kogents_usecases::session::Client;

use crate::accept::weight;
use crate::client_address::client_address;
use crate::problem::Problem;
use crate::state::Http;

/// The most preferences that are looked at.
const MAX_PREFERENCES: usize = 20;

/// The language that the client prefers (RFC 9110 section 12.5.4): of the well-formed tags the
/// one with the highest weight, the first among equals; English where none is stated.
pub(crate) fn preferred_language(headers: &HeaderMap) -> Language {
    let best = preferences(headers).fold(None, |best: Option<(Language, u16)>, next| match best {
        Some(best) if best.1 >= next.1 => Some(best),
        Some(_) | None => Some(next),
    });
    best.map_or_else(Language::english, |(language, _)| language)
}

/// What the request says of the client that makes it.
///
/// # Errors
/// As [`client_address`].
pub(crate) fn client(http: &Http, request: &HttpRequest) -> Result<Client, Problem> {
    let headers = request.headers();
    let hints = ClientHints::from_headers(|name| headers.get(name).map(|value| value.as_bytes()));
    Ok(Client {
        ip_address: client_address(http, request)?,
        hints,
        language: preferences(headers).next().map(|(language, _)| language),
    })
}

/// The languages that the client takes, in the order it names them, with their weights.
fn preferences(headers: &HeaderMap) -> impl Iterator<Item = (Language, u16)> {
    headers
        .get_all(header::ACCEPT_LANGUAGE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .take(MAX_PREFERENCES)
        .filter_map(preference)
}

/// One preference: a tag and its weight. Weight 0 means "not this one".
fn preference(text: &str) -> Option<(Language, u16)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let weight = weight(parameters)?;
    let language = Language::parse(tag).ok()?;
    (weight > 0).then_some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn preferred(value: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_str(value).unwrap(),
        );
        preferred_language(&headers).as_str().to_owned()
    }

    #[test]
    fn the_highest_weight_wins_and_the_first_among_equals() {
        assert_eq!(preferred("fr;q=0.5, de-at, en;q=0.9"), "de-AT");
        assert_eq!(preferred("da, en-gb;q=0.8, en;q=0.7"), "da");
        assert_eq!(preferred("fr;q=0.5,de;q=0.75"), "de");
        assert_eq!(preferred("nl, de"), "nl");
    }

    #[test]
    fn what_says_nothing_is_english() {
        for value in ["", "*", "de;q=0", "de;q=2", "de;q=x", "not a tag"] {
            assert_eq!(preferred(value), "en", "{value}");
        }
        assert_eq!(preferred_language(&HeaderMap::new()).as_str(), "en");
    }
}
