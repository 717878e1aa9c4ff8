//! `GET /health`: how the server and all it depends on is.

use actix_web::{HttpResponse, web};
use kogents_usecases::health::{CheckResult, HealthReport, HealthStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::middleware::AsIs;
use crate::openapi::sets;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::rfc3339;

/// The service's name, which clients in the field check.
const SERVICE: &str = "kogents-chat-backend";

/// How the server is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HealthView {
    /// `healthy`; `degraded` when something other than the database is down; `unhealthy` when the
    /// database is.
    #[schema(value_type = sets::HealthStatus)]
    status: &'static str,
    /// When this was asked.
    #[schema(format = "date-time")]
    timestamp: String,
    #[schema(example = "kogents-chat-backend")]
    service: &'static str,
    /// The program's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// How long the program runs, in seconds.
    #[schema(example = 86400)]
    uptime_sec: u64,
    checks: ChecksView,
}

/// How each dependency is.
#[derive(Serialize, ToSchema)]
struct ChecksView {
    database: CheckView,
    cache: CheckView,
    mail: CheckView,
    geoip: CheckView,
}

/// How one dependency is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CheckView {
    /// `up`, `down`, or `disabled` when it is not configured.
    #[schema(value_type = sets::CheckStatus)]
    status: &'static str,
    /// How long it took to answer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 2, nullable = false)]
    latency_ms: Option<u64>,
}

/// Tells how the server is.
#[utoipa::path(
    get, path = "/health", tag = "Health",
    responses(
        (status = 200, description = "Healthy or degraded.", body = HealthView),
        (status = 503, description = "Unhealthy: the database is down.", body = HealthView),
    ),
)]
pub(crate) async fn check_health(http: web::Data<Http>) -> Result<HttpResponse, Problem> {
    let check_health = http.use_cases.health.check_health.clone();
    let report = http
        .run(async move { Ok::<_, Problem>(check_health.run().await) })
        .await?;
    let view = HealthView::of(&report, &http);
    match report.status {
        HealthStatus::Healthy | HealthStatus::Degraded => Ok(HttpResponse::Ok().json(view)),
        HealthStatus::Unhealthy => {
            let mut response = HttpResponse::ServiceUnavailable()
                .insert_header((actix_web::http::header::RETRY_AFTER, 1))
                .json(view);
            response.extensions_mut().insert(AsIs);
            Ok(response)
        }
    }
}

impl HealthView {
    fn of(report: &HealthReport, http: &Http) -> Self {
        Self {
            status: report.status.as_str(),
            timestamp: rfc3339(report.at),
            service: SERVICE,
            version: http.version,
            uptime_sec: report.at.since(http.started).as_secs_floor(),
            checks: ChecksView {
                database: CheckView::of(report.database),
                cache: CheckView::of(report.cache),
                mail: CheckView::of(report.mail),
                geoip: CheckView::of(report.geoip),
            },
        }
    }
}

impl CheckView {
    const fn of(result: CheckResult) -> Self {
        Self {
            status: result.status.as_str(),
            latency_ms: result.latency_ms,
        }
    }
}
