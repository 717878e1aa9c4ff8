//! Gives every request an id, which its answer and its log lines carry.

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage as _, web};
use kogents_domain::ids::IdGenerator;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id of the client's own that is kept.
const MAX_CHARACTERS: usize = 128;

/// The id of a request, among its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    /// The id of a request; empty before one was given.
    pub(crate) fn of(request: &actix_web::HttpRequest) -> Self {
        let extensions = request.extensions();
        extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self(String::new()))
    }
}

/// Gives a request its id: the one that it came with, if that is one, else a new one.
pub(super) fn give(request: &ServiceRequest) -> Option<HeaderValue> {
    let id = valid(request.headers()).unwrap_or_else(|| {
        request
            .app_data::<web::Data<dyn IdGenerator>>()
            .map_or_else(String::new, |ids| ids.next().to_string())
    });
    let header = HeaderValue::from_str(&id).ok();
    request.extensions_mut().insert(RequestId(id));
    header
}

/// Tells the client the id.
pub(super) fn tell(id: Option<HeaderValue>, response: &mut ServiceResponse) {
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

/// The one id in the headers, if it is 1 to 128 visible ASCII characters.
fn valid(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(REQUEST_ID);
    let text = values.next()?.to_str().ok()?;
    let fits = (1..=MAX_CHARACTERS).contains(&text.len());
    let visible = text.bytes().all(|b| b.is_ascii_graphic());
    (fits && visible && values.next().is_none()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(REQUEST_ID, HeaderValue::from_str(value).unwrap());
        }
        valid(&headers)
    }

    #[test]
    fn only_one_visible_ascii_id_is_kept() {
        assert_eq!(read(&["abc-123_~!"]), Some("abc-123_~!".into()));
        let longest = "x".repeat(128);
        assert_eq!(read(&[&longest]), Some(longest.clone()));
        assert_eq!(read(&[&format!("{longest}x")]), None);
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[""]), None);
        assert_eq!(read(&["a b"]), None);
        assert_eq!(read(&["\u{e9}"]), None);
        assert_eq!(read(&["a", "b"]), None);
    }
}
