//! Gives every error answer its one shape.

use actix_web::HttpResponse;
use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};

use super::RequestId;
use crate::problem::{Code, Problem};

/// Among the extensions of an answer that has an error's status and yet is no problem, such as
/// that of an unhealthy server: it goes out as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsIs;

/// Renders the problem an answer carries; one that carries none, such as the framework's own, is
/// given one by its status. Cookies and other headers of the answer are kept.
pub(super) fn render(response: ServiceResponse) -> ServiceResponse {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.response().extensions().get::<AsIs>().is_some() {
        return response;
    }
    let carried = response.response().extensions().get::<Problem>().cloned();
    let problem = carried.unwrap_or_else(|| {
        let problem = Problem::new(code_for(status));
        match response.response().error() {
            Some(error) => problem.cause(error),
            None => problem,
        }
    });
    let request_id = RequestId::of(response.request()).0;
    tell(&problem, &request_id);

    let rendered = problem.render(response.request().path(), &request_id);
    replace(response, rendered)
}

/// Puts the rendered problem in the answer's place, with those of its headers that the rendering
/// does not set itself.
fn replace(response: ServiceResponse, mut rendered: HttpResponse) -> ServiceResponse {
    let set: Vec<_> = rendered.headers().keys().cloned().collect();
    for (name, value) in response.headers() {
        if !set.contains(name) && name != header::CONTENT_LENGTH {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    if response.response().head().connection_type() == actix_web::http::ConnectionType::Close {
        rendered
            .head_mut()
            .set_connection_type(actix_web::http::ConnectionType::Close);
    }
    response.into_response(rendered)
}

/// The code of an error that only has a status.
fn code_for(status: StatusCode) -> Code {
    match status.as_u16() {
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::RequestTimeout,
        413 => Code::PayloadTooLarge,
        415 => Code::UnsupportedMediaType,
        429 => Code::RateLimited,
        503 => Code::Unavailable,
        400..=499 => Code::MalformedJson,
        _ => Code::Internal,
    }
}

/// What the client is not told goes to the log, under the id that it is told.
fn tell(problem: &Problem, request_id: &str) {
    let code = problem.code.as_str();
    let cause = problem.cause.as_deref().unwrap_or("unknown");
    match problem.code.status() {
        StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(request_id, code, cause, "a request failed");
        }
        status if status.is_server_error() => {
            tracing::warn!(request_id, code, cause, "a request was put off");
        }
        _ => tracing::debug!(request_id, code, cause, "a request was refused"),
    }
}
