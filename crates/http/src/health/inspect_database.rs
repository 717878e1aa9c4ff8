//! `GET /health/database`: how the database is.

use actix_web::{HttpResponse, web};
use kogents_usecases::health::DatabaseReport;
use serde::Serialize;
use utoipa::ToSchema;

use crate::middleware::AsIs;
use crate::openapi::sets;
use crate::problem::Problem;
use crate::state::Http;
use crate::views::rfc3339;

/// How the database is, at a moment.
#[derive(Serialize, ToSchema)]
pub(crate) struct DatabaseHealthView {
    database: DatabaseView,
    /// When it was asked.
    #[schema(format = "date-time")]
    timestamp: String,
}

/// How the database is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DatabaseView {
    /// `healthy`; `unhealthy` when it does not answer, or lacks tables that this program needs.
    #[schema(value_type = sets::DatabaseStatus)]
    status: &'static str,
    /// How long it took to answer, or until it was given up, in milliseconds.
    #[schema(example = 2)]
    latency_ms: u64,
    /// What it is; null when it does not answer.
    #[schema(required, example = "PostgreSQL 17.2")]
    version: Option<String>,
    migrations: MigrationsView,
}

/// How far the tables have come. Both are null when the database does not answer.
#[derive(Serialize, ToSchema)]
struct MigrationsView {
    /// Migrations that were applied.
    #[schema(required, example = 5)]
    applied: Option<u32>,
    /// Migrations that this program knows and that were not applied.
    #[schema(required, example = 0)]
    pending: Option<u32>,
}

/// Tells how the database is.
///
/// Anybody may ask in development. In production it takes the health token; where none is
/// configured, the route is 404. However many ask, the database is asked once a second at most.
#[utoipa::path(
    get, path = "/health/database", tag = "Health",
    responses(
        (status = 200, description = "Healthy.", body = DatabaseHealthView),
        (status = 503, description = "Unhealthy.", body = DatabaseHealthView),
    ),
)]
pub(crate) async fn inspect_database(http: web::Data<Http>) -> Result<HttpResponse, Problem> {
    let inspect_database = http.use_cases.health.inspect_database.clone();
    let report = http
        .run(async move { Ok::<_, Problem>(inspect_database.run().await) })
        .await?;
    let view = DatabaseHealthView::of(&report);
    if report.is_healthy() {
        return Ok(HttpResponse::Ok().json(view));
    }
    let mut response = HttpResponse::ServiceUnavailable()
        .insert_header((actix_web::http::header::RETRY_AFTER, 1))
        .json(view);
    response.extensions_mut().insert(AsIs);
    Ok(response)
}

impl DatabaseHealthView {
    fn of(report: &DatabaseReport) -> Self {
        let description = report.description.as_ref();
        let status = if report.is_healthy() {
            "healthy"
        } else {
            "unhealthy"
        };
        Self {
            database: DatabaseView {
                status,
                latency_ms: report.latency_ms,
                version: description.map(|description| description.version.clone()),
                migrations: MigrationsView {
                    applied: description.map(|description| description.migrations.applied),
                    pending: description.map(|description| description.migrations.pending),
                },
            },
            timestamp: rfc3339(report.at),
        }
    }
}
