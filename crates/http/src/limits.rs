//! Rate limits at the edge: what each route counts against, and the header fields that tell it.

use std::fmt::Write as _;

use actix_web::dev::ServiceResponse;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage as _, HttpRequest};
use kogents_domain::limits::{LimitLedger, LimitRule, LimitStanding};
use kogents_usecases::limits::Toll;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What a route counts against before its body is read. Each route of the table declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RouteLimit {
    /// Nothing.
    Unlimited,
    /// A rule of its own, by the client's address.
    Client(LimitRule),
    /// A rule that counts what fails, by the client's address; the use case counts.
    Failures(LimitRule),
    /// The rule for everything else: by session, without a token by the client's address.
    General,
    /// The same by session; without a token nothing is counted, it is only refused.
    GeneralWithToken,
}

impl RouteLimit {
    /// Whether the route may answer 429 `rate_limited`.
    pub(crate) const fn is_limited(self) -> bool {
        !matches!(self, Self::Unlimited)
    }

    /// What a request of a public route counts against.
    pub(crate) const fn toll(self) -> Option<Toll> {
        match self {
            Self::Unlimited | Self::GeneralWithToken => None,
            Self::Client(rule) => Some(Toll::Client(rule)),
            Self::Failures(rule) => Some(Toll::FailuresOfClient(rule)),
            Self::General => Some(Toll::General),
        }
    }
}

/// The ledger of a request, the same every time.
pub(crate) fn ledger(request: &HttpRequest) -> LimitLedger {
    let mut extensions = request.extensions_mut();
    if let Some(ledger) = extensions.get::<LimitLedger>() {
        return ledger.clone();
    }
    let ledger = LimitLedger::default();
    extensions.insert(ledger.clone());
    ledger
}

/// Adds `RateLimit-Policy` and `RateLimit` with every limit that the request has met
/// (draft-ietf-httpapi-ratelimit-headers).
pub(crate) fn tell_limits(response: &mut ServiceResponse) {
    let ledger = response
        .request()
        .extensions()
        .get::<LimitLedger>()
        .cloned();
    if let Some(ledger) = ledger {
        add(response.headers_mut(), &ledger.standings());
    }
}

fn add(headers: &mut HeaderMap, standings: &[LimitStanding]) {
    if standings.is_empty() {
        return;
    }
    let (mut policies, mut states) = (String::new(), String::new());
    for standing in standings {
        let separator = if policies.is_empty() { "" } else { ", " };
        let (name, quota) = (&standing.policy, standing.quota);
        let window = standing.window.as_secs_ceil();
        let (remaining, reset) = (standing.remaining, standing.reset.as_secs_ceil());
        // Writing into a text does not fail.
        let _ = write!(policies, "{separator}\"{name}\";q={quota};w={window}");
        let _ = write!(states, "{separator}\"{name}\";r={remaining};t={reset}");
    }
    for (name, text) in [(RATE_LIMIT_POLICY, policies), (RATE_LIMIT, states)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::limits::Limit;
    use kogents_domain::time::{Span, Timestamp};

    use super::*;

    #[test]
    fn every_limit_that_was_met_is_told() {
        let limit = Limit::new(5, Span::from_secs(900));
        let now = Timestamp::from_millis(1_800_000_000_000);
        let level = limit.take(None, now);
        let standings = [
            LimitStanding::at("login-pair", &limit, level, now),
            LimitStanding::refusing(
                "otp-resend",
                1,
                Span::from_secs(60),
                Span::from_millis(30_500),
            ),
        ];
        let mut headers = HeaderMap::new();
        add(&mut headers, &standings);
        let told = |name: &str| headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(
            told("ratelimit-policy"),
            r#""login-pair";q=5;w=900, "otp-resend";q=1;w=60"#
        );
        assert_eq!(
            told("ratelimit"),
            r#""login-pair";r=4;t=180, "otp-resend";r=0;t=31"#
        );
    }

    #[test]
    fn without_limits_nothing_is_told() {
        let mut headers = HeaderMap::new();
        add(&mut headers, &[]);
        assert!(headers.is_empty());
    }
}
