//! `GET /health/database/performance`: how queries go, and what the database says of itself.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use kogents_domain::health::{QueryFigures, SlowQuery};
use kogents_usecases::health::DatabasePerformance;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::state::Http;
use crate::views::rfc3339;

/// How the database performs, at a moment.
#[derive(Serialize, ToSchema)]
pub(crate) struct DatabasePerformanceView {
    performance: PerformanceView,
    /// When this was.
    #[schema(format = "date-time")]
    timestamp: String,
}

/// How the database performs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PerformanceView {
    queries: QueriesView,
    slow_queries: SlowQueriesView,
    /// What the database takes, in bytes.
    #[schema(example = 12_582_912)]
    database_size_bytes: u64,
    /// The part of the pages asked for that the database found in its cache, 0 to 1, since it began
    /// to count; null with SQLite.
    #[schema(required, minimum = 0, maximum = 1, example = 0.9967)]
    cache_hit_ratio: Option<f64>,
    /// Deadlocks that the database has ended since it began to count; null with SQLite, which has
    /// none.
    #[schema(required, example = 0)]
    deadlocks: Option<u64>,
}

/// The queries of this process. A query is what one step of the product asks; beginning a
/// transaction, with the wait for its connection, and committing it are queries too.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct QueriesView {
    /// Queries since the start.
    #[schema(example = 48_201)]
    total: u64,
    /// Those of them that the database refused or did not answer in time. A rule that stands in the
    /// way, such as an address that is taken, is no error.
    #[schema(example = 0)]
    errors: u64,
    /// What half of the queries of the last minute took at most, in milliseconds, told up to an
    /// eighth too long; null without any.
    #[schema(required, example = 0.4)]
    p50_ms: Option<f64>,
    /// The same of 95 in a hundred.
    #[schema(required, example = 2.1)]
    p95_ms: Option<f64>,
    /// The same of 99 in a hundred.
    #[schema(required, example = 9.8)]
    p99_ms: Option<f64>,
    /// Queries a second, over the last minute.
    #[schema(example = 35.2)]
    per_second: f64,
}

/// The slow queries of this process.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SlowQueriesView {
    /// What a slow query takes at least, in milliseconds: `SLOW_QUERY_MS`.
    #[schema(example = 200)]
    threshold_ms: u64,
    /// Slow queries since the start.
    #[schema(example = 1)]
    total: u64,
    /// The last of them, newest first.
    #[schema(max_items = 20)]
    recent: Vec<SlowQueryView>,
}

/// A slow query.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SlowQueryView {
    /// What was asked of which part of the store; never a statement.
    #[schema(example = "sessions.rotate")]
    name: &'static str,
    #[schema(example = 412)]
    duration_ms: u64,
    /// When it ended.
    #[schema(format = "date-time")]
    at: String,
}

/// Tells how queries go, and what the database says of itself.
///
/// Anybody may ask in development. In production it takes the health token; where none is
/// configured, the route is 404. However many ask, the database is asked once a second at most; 503
/// when it does not answer.
#[utoipa::path(
    get, path = "/health/database/performance", tag = "Health",
    responses(
        (status = 200, description = "The figures.", body = DatabasePerformanceView),
    ),
)]
pub(crate) async fn read_database_performance(
    http: web::Data<Http>,
) -> Result<HttpResponse, Problem> {
    let read_performance = http.use_cases.health.read_database_performance.clone();
    let performance = http
        .run(async move { read_performance.run().await })
        .await?;
    Ok(HttpResponse::Ok().json(DatabasePerformanceView::of(&performance)))
}

impl DatabasePerformanceView {
    fn of(performance: &DatabasePerformance) -> Self {
        let DatabasePerformance {
            at,
            queries,
            storage,
        } = performance;
        Self {
            performance: PerformanceView {
                queries: QueriesView::of(queries),
                slow_queries: SlowQueriesView {
                    threshold_ms: whole_millis(queries.slow_threshold),
                    total: queries.slow_total,
                    recent: queries.recent.iter().map(SlowQueryView::of).collect(),
                },
                database_size_bytes: storage.size_bytes,
                cache_hit_ratio: storage
                    .cache_hit_ratio
                    .map(|ratio| rounded(ratio, 10_000.0)),
                deadlocks: storage.deadlocks,
            },
            timestamp: rfc3339(*at),
        }
    }
}

impl QueriesView {
    fn of(queries: &QueryFigures) -> Self {
        let millis = |took: Duration| rounded(took.as_secs_f64() * 1_000.0, 1_000.0);
        Self {
            total: queries.total,
            errors: queries.errors,
            p50_ms: queries.p50.map(millis),
            p95_ms: queries.p95.map(millis),
            p99_ms: queries.p99.map(millis),
            per_second: rounded(queries.per_second, 100.0),
        }
    }
}

impl SlowQueryView {
    fn of(query: &SlowQuery) -> Self {
        Self {
            name: query.name,
            duration_ms: whole_millis(query.took),
            at: rfc3339(query.at),
        }
    }
}

fn whole_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// To so many parts of one.
fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}
