//! One structured line and one count for every request.

use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use tracing::{Instrument as _, info, info_span};

use super::{RequestId, state};
use crate::access::{SignedInCaller, WorkspaceByToken};

/// What stands in place of a route's pattern when no route matched: a path is the client's own
/// text, and is neither logged nor counted by.
const UNMATCHED: &str = "unmatched";

/// Writes the line and counts. Neither knows query strings, tokens or bodies.
pub(crate) async fn log_and_count(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let began = Instant::now();
    let http = state(request.request());
    let id = RequestId::of(request.request()).0;
    let method = request.method().clone();
    let span = info_span!("request", request_id = %id);
    let response = next.call(request).instrument(span).await?;

    let took = began.elapsed();
    let status = response.status().as_u16();
    let pattern = response.request().match_pattern();
    let route = pattern.as_deref().unwrap_or(UNMATCHED);
    let caller = response
        .request()
        .extensions()
        .get::<SignedInCaller>()
        .copied();
    let by_token = response
        .request()
        .extensions()
        .get::<WorkspaceByToken>()
        .copied();
    info!(
        request_id = %id,
        method = %method,
        route,
        status,
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        session = caller.map(|SignedInCaller(caller)| display(caller.session_id)),
        workspace = caller
            .and_then(|SignedInCaller(caller)| caller.workspace_id)
            .or(by_token.map(|WorkspaceByToken(workspace)| workspace))
            .map(display),
        "request"
    );
    if let Some(http) = http {
        http.metrics.observe(route, &method, status, took);
    }
    Ok(response)
}
