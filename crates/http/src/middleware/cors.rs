//! Cross-origin resource sharing: exact origins, with credentials (Fetch, section 3.2).

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

use super::state;

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

/// Answers preflights, and tells browsers which pages may read the answer.
pub(crate) async fn answer_cors(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let allowed = allowed_origin(&request);
    let preflight = is_preflight(&request);
    let mut response = if preflight {
        request.into_response(HttpResponse::NoContent())
    } else {
        next.call(request).await?
    };
    let headers = response.headers_mut();
    // Said also to whom nothing is allowed, so that no cache gives one origin's answer to another.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = allowed else {
        return Ok(response);
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    if preflight {
        allow_everything_listed(headers);
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    Ok(response)
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
fn allowed_origin(request: &ServiceRequest) -> Option<HeaderValue> {
    let mut origins = request.headers().get_all(header::ORIGIN);
    let origin = origins.next()?;
    let allowed = state(request.request())?
        .settings
        .allows_origin(origin.to_str().ok()?);
    (allowed && origins.next().is_none()).then(|| origin.clone())
}
