//! The security headers of an API, on every answer.

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// A policy that allows nothing; HTML pages set their own.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// `Cache-Control` of pages and files that are the same for everybody.
pub(crate) const STATIC: &str = "public, max-age=3600";
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// A year.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds what the answer does not say itself.
pub(super) fn add_to(response: &mut ServiceResponse, is_https: bool) {
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(CORP, HeaderValue::from_static("same-site"));
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    add(headers, header::CONTENT_SECURITY_POLICY, POLICY);
    add(
        headers,
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    );
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
