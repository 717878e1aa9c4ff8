//! A problem as the client sees it.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;
use utoipa::ToSchema;

use super::field_error::FieldErrorBody;
use super::{Problem, WwwAuthenticate};

use crate::openapi::sets;

/// The media type of every error answer (RFC 9457).
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// The body of every error answer (RFC 9457). `code` is what to switch on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'p> {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(example = "/problems/validation_failed")]
    kind: String,
    /// What the code means, in a few words.
    #[schema(example = "Validation failed")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 400, minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time, for a person.
    #[schema(example = "2 fields are invalid.")]
    detail: &'p str,
    /// The path of the request, without its query.
    #[schema(example = "/auth/signup")]
    instance: &'p str,
    /// The stable code.
    #[schema(value_type = sets::ProblemCode)]
    code: &'static str,
    /// The request's id, which the log knows as well.
    request_id: &'p str,
    /// What is wrong with single fields; with `validation_failed` only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldErrorBody<'p>>,
    /// Guesses left at a one-time code; with `otp_invalid` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    attempts_remaining: Option<u32>,
    /// The status again, for clients that look for it here.
    #[schema(example = 400)]
    status_code: u16,
    /// The title again, for clients that look for it here.
    #[schema(example = "Validation failed")]
    message: &'static str,
}

impl Problem {
    /// The body, for one request.
    pub(crate) fn body<'p>(&'p self, instance: &'p str, request_id: &'p str) -> ProblemBody<'p> {
        let status = self.code.status().as_u16();
        ProblemBody {
            kind: format!("/problems/{}", self.code.as_str()),
            title: self.code.title(),
            status,
            detail: self
                .detail
                .as_deref()
                .unwrap_or_else(|| self.code.explanation()),
            instance,
            code: self.code.as_str(),
            request_id,
            errors: self.errors.iter().map(FieldErrorBody::from).collect(),
            attempts_remaining: self.attempts_remaining,
            status_code: status,
            message: self.code.title(),
        }
    }

    /// The answer to one request. `instance` is its path without the query.
    pub(crate) fn render(&self, instance: &str, request_id: &str) -> HttpResponse {
        let mut response = HttpResponse::build(self.code.status());
        if let Some(secs) = self.retry_after_secs {
            response.insert_header((header::RETRY_AFTER, secs.max(1)));
        }
        match self.www_authenticate {
            WwwAuthenticate::None => {}
            WwwAuthenticate::Bearer => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            WwwAuthenticate::InvalidToken => {
                response
                    .insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
            }
        }
        if let Some(methods) = &self.allow {
            response.insert_header((header::ALLOW, methods.as_ref()));
        }
        response
            .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
            .json(self.body(instance, request_id))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody;
    use kogents_domain::auth::EmailAddress;
    use serde_json::{Value, json};

    use super::super::{Code, FieldError};
    use super::*;

    fn parts(response: HttpResponse) -> (Vec<(String, String)>, Value) {
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let body = response.into_body().try_into_bytes().ok().unwrap();
        (headers, serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_validation_problem_has_the_documented_shape() {
        let email = EmailAddress::parse("nobody").unwrap_err();
        let problem = Problem::validation(vec![
            FieldError::new("email", email),
            FieldError::unknown("role"),
        ])
        .cause("not shown");
        let (headers, body) = parts(problem.render("/auth/signup", "req-1"));
        assert_eq!(
            body,
            json!({
                "type": "/problems/validation_failed", "title": "Validation failed",
                "status": 400, "detail": "2 fields are invalid.", "instance": "/auth/signup",
                "code": "validation_failed", "requestId": "req-1",
                "errors": [
                    {"field": "email", "code": "INVALID_EMAIL", "message": "must be an email address"},
                    {"field": "role", "code": "UNKNOWN_FIELD", "message": "is not known here"},
                ],
                "statusCode": 400, "message": "Validation failed",
            })
        );
        assert_eq!(
            headers,
            [(
                "content-type".to_owned(),
                "application/problem+json".to_owned()
            )]
        );
    }

    #[test]
    fn other_problems_have_no_errors_and_their_own_headers() {
        let problem = Problem::new(Code::OtpInvalid).attempts_remaining(0);
        let (_, body) = parts(problem.render("/x", "r"));
        assert_eq!(body.get("attemptsRemaining"), Some(&json!(0)));
        assert_eq!(body.get("errors"), None);

        let (headers, body) = parts(Problem::new(Code::InvalidToken).render("/x", "r"));
        assert!(headers.contains(&(
            "www-authenticate".to_owned(),
            "Bearer error=\"invalid_token\"".to_owned()
        )));
        assert_eq!(body.get("attemptsRemaining"), None);

        let problem = Problem::new(Code::Unavailable).cause("connection refused");
        let (headers, body) = parts(problem.render("/x", "r"));
        assert!(headers.contains(&("retry-after".to_owned(), "1".to_owned())));
        assert!(!body.to_string().contains("refused"));

        let problem = Problem::new(Code::MethodNotAllowed).allow("GET, POST");
        let (headers, _) = parts(problem.render("/x", "r"));
        assert!(headers.contains(&("allow".to_owned(), "GET, POST".to_owned())));
    }
}
