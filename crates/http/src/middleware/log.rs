//! One structured line and one count for every request.

use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};
use kogents_domain::ids::IdGenerator;
use tracing::{Instrument as _, Span, error_span, info};

use super::trace_context::{TraceContext, span_id};
use super::{RequestId, state};
use crate::access::{SignedInCaller, WorkspaceByToken};

/// What stands in place of a route's pattern when no route matched: a path is the client's own
/// text, and is neither logged nor counted by.
const UNMATCHED: &str = "unmatched";

/// Writes the line and counts. Neither knows query strings, tokens or bodies.
///
/// The line, and every other one that is written on the request's way, is in a span that carries the
/// request's id, and its trace where it belongs to one.
pub(crate) async fn log_and_count(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let began = Instant::now();
    let http = state(request.request());
    let method = request.method().clone();
    let span = span_of(&request);
    let in_flight = http.as_ref().map(|http| http.metrics.begin());
    let response = next.call(request).instrument(span.clone()).await?;
    drop(in_flight);

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
    span.in_scope(|| {
        info!(
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
    });
    if let Some(http) = http {
        http.metrics.observe(route, &method, status, took);
    }
    Ok(response)
}

/// The span of a request. It is there at any level: where only warnings are logged, they are to be
/// told apart as well.
fn span_of(request: &ServiceRequest) -> Span {
    let id = RequestId::of(request.request()).0;
    let trace = TraceContext::of(request.headers());
    let own = trace.as_ref().and_then(|_| {
        let ids = request.app_data::<web::Data<dyn IdGenerator>>()?;
        Some(span_id(ids.next()))
    });
    error_span!(
        "request",
        request_id = %id,
        trace_id = trace.as_ref().map(|trace| display(&trace.trace_id)),
        parent_id = trace.as_ref().map(|trace| display(&trace.parent_id)),
        span_id = own.map(display),
    )
}
