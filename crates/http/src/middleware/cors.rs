//! Cross-origin resource sharing: exact origins, with credentials (Fetch, section 3.2).

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

use crate::settings::HttpSettings;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization, Content-Type, Accept, Cache-Control, Pragma, Expires, Origin, \
     Idempotency-Key, X-Requested-With, X-Request-Id, X-Client-Type, X-Client-Version, \
     X-Platform, X-Device-ID, X-API-Key, Traceparent, Tracestate",
);
const EXPOSED: HeaderValue =
    HeaderValue::from_static("X-Request-Id, Retry-After, RateLimit, RateLimit-Policy");
/// A day, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// What browsers are to be told of one request.
pub(super) struct Cors {
    allowed: Option<HeaderValue>,
    is_preflight: bool,
}

impl Cors {
    /// Judges a request by its origin.
    pub(super) fn of(request: &ServiceRequest, settings: Option<&HttpSettings>) -> Self {
        Self {
            allowed: settings.and_then(|settings| allowed_origin(request, settings)),
            is_preflight: is_preflight(request),
        }
    }

    /// Whether it is a preflight, which no handler answers.
    pub(super) const fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// Tells browsers which pages may read the answer.
    pub(super) fn tell(self, response: &mut ServiceResponse) {
        let headers = response.headers_mut();
        // Said also to whom nothing is allowed, so that no cache gives one origin's answer to another.
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.allowed else {
            return;
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        if self.is_preflight {
            allow_everything_listed(headers);
        } else {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}

fn allow_everything_listed(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
}

fn is_preflight(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The request's origin, if its pages may read answers.
fn allowed_origin(request: &ServiceRequest, settings: &HttpSettings) -> Option<HeaderValue> {
    let mut origins = request.headers().get_all(header::ORIGIN);
    let origin = origins.next()?;
    let allowed = settings.allows_origin(origin.to_str().ok()?);
    (allowed && origins.next().is_none()).then(|| origin.clone())
}
