//! From the wire to bytes: content type and size.

use std::io::ErrorKind;

use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::StreamExt as _;

use super::Body;
use crate::problem::{Code, Problem};

const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

/// The largest body, in bytes.
pub(crate) const MAX_BYTES: usize = 64 * 1024;

/// Reads a body of a route that has required members.
///
/// # Errors
/// `unsupported_media_type`, `payload_too_large`, `request_timeout` or `malformed_json`.
pub(crate) async fn read(req: &HttpRequest, payload: web::Payload) -> Result<Body, Problem> {
    if !is_of(req, &[JSON])? {
        return Err(Problem::new(Code::UnsupportedMediaType));
    }
    Body::from_bytes(&collect(req, payload).await?)
}

/// Reads a body of a route without required members: no body at all is as good as `{}`.
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_or_empty(
    req: &HttpRequest,
    payload: web::Payload,
) -> Result<Body, Problem> {
    let typed = is_of(req, &[JSON]);
    read_typed(req, payload, typed).await
}

async fn read_typed(
    req: &HttpRequest,
    payload: web::Payload,
    typed: Result<bool, Problem>,
) -> Result<Body, Problem> {
    // What type nothing is of does not matter: clients name one for an empty body as well.
    if declared_length(req).is_some_and(|length| length > 0) {
        typed.clone()?;
    }
    let bytes = collect(req, payload).await?;
    if bytes.is_empty() {
        Ok(Body::empty())
    } else if typed? {
        Body::from_bytes(&bytes)
    } else {
        Err(Problem::new(Code::UnsupportedMediaType))
    }
}

/// Reads a body as [`read_or_empty`] does, of a route that also takes JSON that is declared as
/// plain text: pages that go away can send nothing else (`navigator.sendBeacon`).
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_beacon(req: &HttpRequest, payload: web::Payload) -> Result<Body, Problem> {
    let typed = is_of(req, &[JSON, TEXT]);
    read_typed(req, payload, typed).await
}

/// Reads a body of a route that takes no members at all.
///
/// # Errors
/// As [`read`], and `validation_failed` for any member.
pub(crate) async fn read_nothing(req: &HttpRequest, payload: web::Payload) -> Result<(), Problem> {
    read_or_empty(req, payload).await?.parse(|_| Some(()))
}

/// Whether the body is declared as one of these types; `false` when nothing is declared.
fn is_of(req: &HttpRequest, types: &[&str]) -> Result<bool, Problem> {
    let refused = || Problem::new(Code::UnsupportedMediaType);
    let encoded = req
        .headers()
        .get_all(header::CONTENT_ENCODING)
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if encoded || req.headers().get_all(header::CONTENT_TYPE).count() > 1 {
        return Err(refused());
    }
    let Some(media_type) = req.mime_type().map_err(|_| refused())? else {
        return Ok(false);
    };
    let utf8 = media_type
        .get_param("charset")
        .is_none_or(|charset| charset.as_str().eq_ignore_ascii_case("utf-8"));
    if types.contains(&media_type.essence_str()) && utf8 {
        Ok(true)
    } else {
        Err(refused())
    }
}

/// The body's length in octets, where the client says it beforehand.
fn declared_length(req: &HttpRequest) -> Option<u64> {
    let length = req.headers().get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

async fn collect(req: &HttpRequest, mut payload: web::Payload) -> Result<Vec<u8>, Problem> {
    if declared_length(req)
        .is_some_and(|length| usize::try_from(length).map_or(true, |l| l > MAX_BYTES))
    {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| interrupted(&error))?;
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A body that ended before its end: at its deadline, or because it is not what the head says.
fn interrupted(error: &PayloadError) -> Problem {
    let late = matches!(error, PayloadError::Io(reason) if reason.kind() == ErrorKind::TimedOut);
    let problem = if late {
        Problem::new(Code::RequestTimeout)
    } else {
        Problem::new(Code::MalformedJson).detail("The body did not arrive whole.")
    };
    problem.cause(error)
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest as _;
    use actix_web::test::TestRequest;

    use super::*;

    async fn reading(request: TestRequest, may_be_empty: bool) -> Result<Body, Code> {
        let (req, mut payload) = request.to_http_parts();
        let payload = web::Payload::from_request(&req, &mut payload)
            .await
            .unwrap();
        let body = if may_be_empty {
            read_or_empty(&req, payload).await
        } else {
            read(&req, payload).await
        };
        body.map_err(|problem| problem.code)
    }

    fn typed(content_type: &'static str, body: impl Into<Vec<u8>>) -> TestRequest {
        TestRequest::post()
            .insert_header((header::CONTENT_TYPE, content_type))
            .set_payload(body.into())
    }

    #[actix_web::test]
    async fn s27_only_json_is_taken() {
        for good in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON;charset=\"UTF-8\"",
        ] {
            assert!(reading(typed(good, "{}"), false).await.is_ok(), "{good}");
        }
        for bad in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=iso-8859-1",
            "application/ld+json",
            "nonsense",
            "",
        ] {
            for may_be_empty in [false, true] {
                let refused = reading(typed(bad, "{}"), may_be_empty).await.unwrap_err();
                assert_eq!(refused, Code::UnsupportedMediaType, "{bad}");
            }
        }
        let zipped = typed("application/json", "{}").insert_header(("Content-Encoding", "gzip"));
        let refused = reading(zipped, false).await.unwrap_err();
        assert_eq!(refused, Code::UnsupportedMediaType);
        let twice = typed("application/json", "{}").append_header(("Content-Type", "text/plain"));
        let refused = reading(twice, false).await.unwrap_err();
        assert_eq!(refused, Code::UnsupportedMediaType);
    }

    #[actix_web::test]
    async fn an_empty_body_is_taken_where_nothing_is_required() {
        let bare = TestRequest::post;
        assert!(reading(bare(), true).await.is_ok());
        assert!(reading(typed("application/json", ""), true).await.is_ok());
        let untyped = bare().set_payload("{}");
        assert_eq!(
            reading(untyped, true).await.unwrap_err(),
            Code::UnsupportedMediaType
        );
        assert_eq!(
            reading(bare(), false).await.unwrap_err(),
            Code::UnsupportedMediaType
        );
        assert_eq!(
            reading(typed("application/json", ""), false)
                .await
                .unwrap_err(),
            Code::MalformedJson
        );
    }

    #[actix_web::test]
    async fn s27_bodies_above_64_kib_are_refused() {
        let fitting = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_BYTES - 8));
        assert_eq!(fitting.len(), MAX_BYTES);
        assert!(
            reading(typed("application/json", fitting), false)
                .await
                .is_ok()
        );
        let large = vec![b' '; MAX_BYTES + 1];
        assert_eq!(
            reading(typed("application/json", large), false)
                .await
                .unwrap_err(),
            Code::PayloadTooLarge
        );
        for declared in ["65537", "18446744073709551615"] {
            let announced =
                typed("application/json", "{}").insert_header(("Content-Length", declared));
            assert_eq!(
                reading(announced, false).await.unwrap_err(),
                Code::PayloadTooLarge
            );
        }
    }
}
