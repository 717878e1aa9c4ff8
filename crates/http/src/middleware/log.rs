//! One structured line and one count for every request.

use std::sync::Arc;
use std::time::Instant;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{HttpMessage as _, web};
use kogents_domain::ids::{IdGenerator, SessionId, WorkspaceId};
use tracing::field::{DisplayValue, display};
use tracing::{Span, debug, debug_span, error_span, info};

use super::RequestId;
use super::trace_context::{TraceContext, span_id};
use crate::access::{SignedInCaller, WorkspaceByToken};
use crate::metrics::{InFlight, RouteFigures};
use crate::state::Http;

/// What stands in place of a route's pattern when no route matched: a path is the client's own
/// text, and is neither logged nor counted by.
const UNMATCHED: &str = "unmatched";

/// What whoever runs the server asks every few seconds. A line each would bury all others, so those
/// that are answered well are told at the level `debug` only; all are counted.
const PROBES: [&str; 2] = [LIVE, "/health/ready"];

/// The one of them that asks nobody for anything: nothing is written on its way, and so it needs no
/// span.
const LIVE: &str = "/health/live";

/// Of one request what is known when it comes.
pub(super) struct Record {
    began: Instant,
    method: Method,
    is_probe: bool,
    span: Span,
    in_flight: Option<InFlight>,
}

impl Record {
    /// Begins to count and to measure.
    pub(super) fn begin(request: &ServiceRequest, http: Option<&Http>) -> Self {
        let is_probe = PROBES.contains(&request.path());
        Self {
            began: Instant::now(),
            method: request.method().clone(),
            is_probe,
            span: span_of(request),
            in_flight: http.map(|http| http.metrics.begin()),
        }
    }

    /// The span that every line is in that is written on the request's way. It carries the request's
    /// id, and its trace where it belongs to one.
    pub(super) const fn span(&self) -> &Span {
        &self.span
    }

    /// Writes the line and counts. Neither knows query strings, tokens or bodies.
    pub(super) fn end(self, response: &ServiceResponse, http: Option<&Http>) {
        drop(self.in_flight);
        let took = self.began.elapsed();
        let status = response.status().as_u16();
        let request = response.request();
        let figures = request.extensions().get::<Arc<RouteFigures>>().cloned();
        let pattern = match figures {
            Some(_) => None,
            None => request.match_pattern(),
        };
        let route = figures
            .as_ref()
            .map(|figures| figures.route())
            .or(pattern.as_deref())
            .unwrap_or(UNMATCHED);
        let Callers { session, workspace } = callers_of(response);
        let method = &self.method;
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| {
            if !self.is_probe {
                info!(%method, route, status, ms, session, workspace, "request");
            } else if response.status().is_success() {
                debug!(%method, route, status, ms, "request");
            } else {
                // Without its span it has no id but this.
                let request_id = RequestId::of(request).0;
                info!(request_id, %method, route, status, ms, "request");
            }
        });
        match (figures, http) {
            (Some(figures), _) => figures.observe(method, status, took),
            (None, Some(http)) => http.metrics.observe(route, method, status, took),
            (None, None) => {}
        }
    }
}

/// Who asked, for the log.
struct Callers {
    session: Option<DisplayValue<SessionId>>,
    workspace: Option<DisplayValue<WorkspaceId>>,
}

fn callers_of(response: &ServiceResponse) -> Callers {
    let extensions = response.request().extensions();
    let caller = extensions.get::<SignedInCaller>().map(|caller| caller.0);
    let by_token = extensions.get::<WorkspaceByToken>().map(|token| token.0);
    Callers {
        session: caller.map(|caller| display(caller.session_id)),
        workspace: caller
            .and_then(|caller| caller.workspace_id)
            .or(by_token)
            .map(display),
    }
}

fn span_of(request: &ServiceRequest) -> Span {
    let id = RequestId::of(request.request()).0;
    if request.path() == LIVE {
        return debug_span!("request", request_id = %id);
    }
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
