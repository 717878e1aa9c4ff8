//! What a client prefers to get, as its headers weigh it (RFC 9110 section 12).

use actix_web::http::header::{self, HeaderMap};

/// The most media ranges that are looked at.
const MAX_RANGES: usize = 20;

/// How a header's media ranges speak of one media type: its weight in thousandths, and how
/// closely the range that says so names it. The greater one is preferred.
type Preference = (u16, Closeness);

/// How closely a media range names a media type; of several the closest one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    /// `*/*`
    Anything,
    /// `text/*`
    Kind,
    /// `text/html`
    Name,
}

/// Whether the client prefers HTML to JSON, as browsers do. It is not enough that anything will
/// do; between two that are named alike JSON is given.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    let html = preference(headers, "text", "html");
    let json = preference(headers, "application", "json");
    html.is_some_and(|html| html.0 > 0 && Some(html) > json)
}

/// What the closest range says of a media type; `None` where none includes it.
fn preference(headers: &HeaderMap, kind: &str, name: &str) -> Option<Preference> {
    headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .take(MAX_RANGES)
        .filter_map(|range| {
            let (range, parameters) = range.split_once(';').unwrap_or((range, ""));
            Some((weight(parameters)?, closeness(range.trim(), kind, name)?))
        })
        .max_by_key(|(_, closeness)| *closeness)
}

fn closeness(range: &str, kind: &str, name: &str) -> Option<Closeness> {
    let (of, named) = range.split_once('/')?;
    match (of, named) {
        ("*", "*") => Some(Closeness::Anything),
        (of, "*") => of.eq_ignore_ascii_case(kind).then_some(Closeness::Kind),
        (of, named) => (of.eq_ignore_ascii_case(kind) && named.eq_ignore_ascii_case(name))
            .then_some(Closeness::Name),
    }
}

/// The weight among a preference's parameters, in thousandths; 1,000 where none is stated. `None`
/// where one is stated that is none.
pub(crate) fn weight(parameters: &str) -> Option<u16> {
    parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .map_or(Some(1000), |(_, value)| thousandths(value.trim()))
}

/// A weight as the standard writes it: `1`, `0.8`, `0.125`.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.len() <= 3 && fraction.bytes().all(|b| b.is_ascii_digit());
    if !digits || !matches!(whole, "0" | "1") {
        return None;
    }
    let value = format!("{whole}{fraction:0<3}").parse::<u16>().ok()?;
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn html_for(values: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        prefers_html(&headers)
    }

    #[test]
    fn browsers_prefer_html() {
        for value in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "text/html",
            "TEXT/HTML",
            "text/html, */*",
            "text/*",
            "text/html;charset=utf-8;q=0.5",
            "application/json;q=0.5, text/html;q=0.6",
            "application/json;Q=0, text/html;q=0.001",
        ] {
            assert!(html_for(&[value]), "{value}");
        }
        assert!(html_for(&["application/json;q=0.9", "text/html"]));
    }

    #[test]
    fn programs_prefer_json() {
        for value in [
            "",
            "*/*",
            "application/json",
            "application/json, text/plain, */*",
            "application/json, text/html",
            "text/html;q=0",
            "text/html; q=0.000, */*",
            "text/html;Q=0",
            "text/html;q=0, text/*",
            "text/html;q=0.5, application/json",
            "text/html;q=0.1, */*",
            "text/html;q=nonsense",
            "application/problem+json, text/plain",
            "xtext/html",
            "text/html2",
            "text",
        ] {
            assert!(!html_for(&[value]), "{value}");
        }
        assert!(!html_for(&[]));
    }
}
