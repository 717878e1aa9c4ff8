//! `GET /health/database/pool`: the connections to the database.

use actix_web::{HttpResponse, web};
use kogents_domain::health::PoolFigures;
use kogents_usecases::health::DatabasePool;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::state::Http;
use crate::views::rfc3339;

/// The connections to the database, at a moment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DatabasePoolView {
    connection_pool: ConnectionPoolView,
    /// When this was.
    #[schema(format = "date-time")]
    timestamp: String,
}

/// The connections of this process. With SQLite, the threads that own one: a writer, and readers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ConnectionPoolView {
    /// Those that are open.
    #[schema(example = 4)]
    total_connections: u32,
    /// Those of them that somebody holds.
    #[schema(example = 1)]
    active_connections: u32,
    /// Those of them that nobody holds.
    #[schema(example = 3)]
    idle_connections: u32,
    /// Who waits for one.
    #[schema(example = 0)]
    waiting_requests: u32,
    /// The most that are ever open.
    #[schema(example = 10)]
    max_connections: u32,
    /// The part of the most that somebody holds, in percent.
    #[schema(minimum = 0, maximum = 100, example = 10.0)]
    utilization_percentage: f64,
    /// Waits for one that were in vain, since the start.
    #[schema(example = 0)]
    timeouts_total: u64,
}

/// Tells how many connections to the database there are.
///
/// It needs none of them, so it answers while all are taken and while the database is away. Anybody
/// may ask in development. In production it takes the health token; where none is configured, the
/// route is 404.
#[utoipa::path(
    get, path = "/health/database/pool", tag = "Health",
    responses(
        (status = 200, description = "The connections.", body = DatabasePoolView),
    ),
)]
pub(crate) async fn read_database_pool(http: web::Data<Http>) -> Result<HttpResponse, Problem> {
    let read_database_pool = http.use_cases.health.read_database_pool.clone();
    let pool = http
        .run(async move { Ok::<_, Problem>(read_database_pool.run()) })
        .await?;
    Ok(HttpResponse::Ok().json(DatabasePoolView::of(pool)))
}

impl DatabasePoolView {
    fn of(pool: DatabasePool) -> Self {
        let figures = pool.figures;
        Self {
            connection_pool: ConnectionPoolView {
                total_connections: figures.total,
                active_connections: figures.active,
                idle_connections: figures.idle,
                waiting_requests: figures.waiting,
                max_connections: figures.max,
                utilization_percentage: utilization(figures),
                timeouts_total: figures.timeouts_total,
            },
            timestamp: rfc3339(pool.at),
        }
    }
}

/// In percent, to one decimal.
fn utilization(figures: PoolFigures) -> f64 {
    let part = f64::from(figures.active) / f64::from(figures.max.max(1));
    (part.min(1.0) * 1_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utilization_is_a_percentage_of_the_most() {
        for (active, max, percent) in [(0, 0, 0.0), (1, 3, 33.3), (2, 3, 66.7), (10, 10, 100.0)] {
            let figures = PoolFigures {
                active,
                max,
                ..PoolFigures::default()
            };
            let told = utilization(figures);
            assert!(
                (told - percent).abs() < f64::EPSILON,
                "{active} of {max}: {told}"
            );
        }
    }
}
