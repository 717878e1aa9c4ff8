//! The problems that an operation may answer with, by status.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use kogents_domain::auth::EmailAddress;
use serde_json::json;
use utoipa::openapi::example::Example;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{
    Content, Header, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
};

use crate::problem::{Code, FieldError, MEDIA_TYPE, Problem};

/// Names the problems of one operation, to be listed among its `responses`:
///
/// ```text
/// problems!(LogInProblems: InvalidCredentials);
///
/// #[utoipa::path(post, path = "/auth/login", request_body = LogInBody,
///     responses((status = 200, body = SignedInView), LogInProblems))]
/// ```
macro_rules! problems {
    ($name:ident: $($code:ident),+ $(,)?) => {
        /// The problems of this file's operation.
        pub(crate) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::openapi::problem_responses(&[$($crate::problem::Code::$code),+])
            }
        }
    };
}

pub(crate) use problems;

/// One response a status, each with the codes that it may carry.
pub(crate) fn problem_responses(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    by_status(codes.iter().copied())
        .into_iter()
        .map(|(status, codes)| {
            let mut response = ResponseBuilder::new().build();
            describe(&mut response, status, codes);
            (status.as_str().to_owned(), RefOr::T(response))
        })
        .collect()
}

/// Adds codes to an operation, beside those it has.
pub(super) fn add_problems(operation: &mut Operation, codes: &BTreeSet<Code>) {
    for (status, codes) in by_status(codes.iter().copied()) {
        let response = operation
            .responses
            .responses
            .entry(status.as_str().to_owned())
            .or_insert_with(|| RefOr::T(ResponseBuilder::new().build()));
        if let RefOr::T(response) = response {
            let all = codes_of(response).into_iter().chain(codes).collect();
            describe(response, status, all);
        }
    }
}

/// The codes that a response may carry.
pub(super) fn codes_of(response: &Response) -> BTreeSet<Code> {
    match response.content.get(MEDIA_TYPE) {
        Some(RefOr::T(content)) => content
            .examples
            .keys()
            .filter_map(|name| Code::from_name(name))
            .collect(),
        Some(RefOr::Ref(_)) | None => BTreeSet::new(),
    }
}

/// An example of every problem, which responses refer to by code.
pub(super) fn examples() -> impl Iterator<Item = (&'static str, Example)> {
    Code::ALL.into_iter().map(|code| {
        let problem = example_of(code);
        let body = serde_json::to_value(problem.body("/", "0192f3c0-4444-7abc-8def-0123456789ab"))
            .unwrap_or_else(|_| json!({}));
        let mut example = Example::new();
        example.summary = code.title().to_owned();
        example.value = Some(body);
        (code.as_str(), example)
    })
}

/// A problem with the members that its code may bring.
fn example_of(code: Code) -> Problem {
    if code == Code::ValidationFailed {
        let email = EmailAddress::parse("nobody").err();
        let email = email.map(|violation| FieldError::new("email", violation));
        let errors = email.into_iter().chain([FieldError::unknown("role")]);
        return Problem::validation(errors.collect());
    }
    let problem = Problem::new(code);
    if code == Code::OtpInvalid {
        problem.attempts_remaining(4)
    } else {
        problem
    }
}

fn by_status(codes: impl Iterator<Item = Code>) -> BTreeMap<StatusCode, BTreeSet<Code>> {
    let mut statuses: BTreeMap<StatusCode, BTreeSet<Code>> = BTreeMap::new();
    for code in codes {
        statuses.entry(code.status()).or_default().insert(code);
    }
    statuses
}

fn describe(response: &mut Response, status: StatusCode, codes: BTreeSet<Code>) {
    let listed: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.explanation()))
        .collect();
    let had_other_content = response.content.keys().any(|name| name != MEDIA_TYPE);
    if !had_other_content {
        response.description = listed.join("\n\n");
    }
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    content.examples = codes
        .iter()
        .map(|code| {
            let name = code.as_str();
            let reference = Ref::new(format!("#/components/examples/{name}"));
            (name.to_owned(), RefOr::Ref(reference))
        })
        .collect();
    response
        .content
        .insert(MEDIA_TYPE.to_owned(), RefOr::T(content));
    if codes.iter().any(|code| code.spends_refresh_token()) {
        add_header(
            response,
            "Set-Cookie",
            Type::String,
            "Clears `refreshToken`; not with `X-Client-Type: native`.",
        );
    }
    match status {
        StatusCode::UNAUTHORIZED => add_header(
            response,
            "WWW-Authenticate",
            Type::String,
            "`Bearer`, with `error=\"invalid_token\"` when a token was sent.",
        ),
        StatusCode::TOO_MANY_REQUESTS => {
            add_wait(response);
            add_limits(response);
        }
        StatusCode::SERVICE_UNAVAILABLE => add_wait(response),
        StatusCode::METHOD_NOT_ALLOWED => add_header(
            response,
            "Allow",
            Type::String,
            "The methods that the route takes.",
        ),
        _ => {}
    }
}

fn add_wait(response: &mut Response) {
    let description = "When to try again, in seconds.";
    add_header(response, "Retry-After", Type::Integer, description);
}

/// The fields that tell of limits (draft-ietf-httpapi-ratelimit-headers).
pub(super) fn add_limits(response: &mut Response) {
    add_header(
        response,
        "RateLimit-Policy",
        Type::String,
        "Every limit that the request met: its name, quota `q` and window `w` in seconds.",
    );
    add_header(
        response,
        "RateLimit",
        Type::String,
        "By name, how many are left (`r`), and in how many seconds more of them are (`t`).",
    );
}

fn add_header(response: &mut Response, name: &str, kind: Type, description: &str) {
    let mut header = Header::new(ObjectBuilder::new().schema_type(kind).build());
    header.description = Some(description.to_owned());
    response.headers.insert(name.to_owned(), RefOr::T(header));
}
