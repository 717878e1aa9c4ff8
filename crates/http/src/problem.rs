//! Problems: the one shape of every error answer (RFC 9457).

mod catalogue;
mod field_error;
mod from_access;
mod from_audit;
mod from_health;
mod from_people;
mod from_profile;
mod from_use_cases;
mod from_workspaces;
mod rendering;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use kogents_domain::time::Span;

pub(crate) use catalogue::Code;
pub(crate) use field_error::{FieldError, echoed};
pub(crate) use rendering::{MEDIA_TYPE, ProblemBody};

/// Which challenge a 401 carries (RFC 6750 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WwwAuthenticate {
    /// No challenge: the answer is no 401.
    None,
    /// `Bearer`: no token was sent.
    Bearer,
    /// `Bearer error="invalid_token"`: a token was sent and is not taken.
    InvalidToken,
}

/// An error on its way to the client. It becomes an answer in [`Problem::render`], by the
/// outermost middleware, which alone knows the request's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    /// What happened this time, for a person. Without one the code's explanation is given.
    pub(crate) detail: Option<String>,
    /// What is wrong with single fields; with `validation_failed` only.
    pub(crate) errors: Vec<FieldError>,
    /// Guesses left at a one-time code.
    pub(crate) attempts_remaining: Option<u32>,
    /// `Retry-After`, at least 1.
    pub(crate) retry_after_secs: Option<u64>,
    pub(crate) www_authenticate: WwwAuthenticate,
    /// `Allow`, with `method_not_allowed`.
    pub(crate) allow: Option<Box<str>>,
    /// For the log only.
    pub(crate) cause: Option<Box<str>>,
}

impl Problem {
    /// How soon to try again where nothing more exact is known.
    const DEFAULT_RETRY_SECS: u64 = 1;
    /// The most violations that one answer names: more than any body has members, so that only
    /// members of the client's own invention can go unnamed.
    pub(crate) const MAX_REPORTED: usize = 100;

    pub(crate) fn new(code: Code) -> Self {
        let www_authenticate = if code == Code::InvalidToken {
            WwwAuthenticate::InvalidToken
        } else if code.status() == StatusCode::UNAUTHORIZED {
            WwwAuthenticate::Bearer
        } else {
            WwwAuthenticate::None
        };
        let must_wait = matches!(
            code.status(),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        );
        Self {
            code,
            detail: None,
            errors: Vec::new(),
            attempts_remaining: None,
            retry_after_secs: must_wait.then_some(Self::DEFAULT_RETRY_SECS),
            www_authenticate,
            allow: None,
            cause: None,
        }
    }

    /// `validation_failed` with everything that is wrong: the first
    /// [`MAX_REPORTED`](Self::MAX_REPORTED) by name, all of it by number.
    pub(crate) fn validation(mut errors: Vec<FieldError>) -> Self {
        let detail = match errors.len() {
            1 => "1 field is invalid.".to_owned(),
            count if count <= Self::MAX_REPORTED => format!("{count} fields are invalid."),
            count => format!(
                "{count} fields are invalid; {} more than errors names.",
                count - Self::MAX_REPORTED
            ),
        };
        errors.truncate(Self::MAX_REPORTED);
        Self {
            errors,
            ..Self::new(Code::ValidationFailed)
        }
        .detail(detail)
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// How long to wait, rounded up to whole seconds and never less than one.
    pub(crate) fn retry_after(mut self, wait: Span) -> Self {
        self.retry_after_secs = Some(wait.as_secs_ceil().max(1));
        self
    }

    pub(crate) const fn attempts_remaining(mut self, attempts: u32) -> Self {
        self.attempts_remaining = Some(attempts);
        self
    }

    pub(crate) fn allow(mut self, methods: impl Into<Box<str>>) -> Self {
        self.allow = Some(methods.into());
        self
    }

    /// What the log says under the request's id. Never shown.
    pub(crate) fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string().into_boxed_str());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// An empty answer that carries the problem among its extensions.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wait_says_how_long_and_every_401_challenges() {
        for code in Code::ALL {
            let problem = Problem::new(code);
            let waits = matches!(code.status().as_u16(), 429 | 503);
            assert_eq!(problem.retry_after_secs.is_some(), waits, "{code:?}");
            let challenges = problem.www_authenticate != WwwAuthenticate::None;
            assert_eq!(challenges, code.status().as_u16() == 401, "{code:?}");
        }
        assert_eq!(
            Problem::new(Code::InvalidToken).www_authenticate,
            WwwAuthenticate::InvalidToken
        );
    }

    #[test]
    fn waiting_is_never_less_than_a_second() {
        let problem = Problem::new(Code::RateLimited).retry_after(Span::from_millis(-5));
        assert_eq!(problem.retry_after_secs, Some(1));
        let problem = Problem::new(Code::RateLimited).retry_after(Span::from_millis(1_001));
        assert_eq!(problem.retry_after_secs, Some(2));
    }

    #[test]
    fn the_answer_carries_the_problem() {
        let problem = Problem::new(Code::SlugTaken).cause("constraint");
        let response = problem.error_response();
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(response.extensions().get::<Problem>(), Some(&problem));
    }
}
