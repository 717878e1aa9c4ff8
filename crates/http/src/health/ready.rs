//! `GET /health/ready`: whether requests should be sent here.

use actix_web::{HttpResponse, web};
use kogents_domain::health::CheckStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::middleware::AsIs;
use crate::openapi::sets;
use crate::problem::Problem;
use crate::state::Http;

/// Whether requests should be sent here, and what stands in the way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadyView {
    /// `ready` or `not_ready`.
    #[schema(value_type = sets::ReadyStatus)]
    status: &'static str,
    checks: ReadyChecksView,
}

/// What must hold, all of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReadyChecksView {
    /// The database answers.
    database: bool,
    /// The database has the tables that this program needs.
    migrations: bool,
    /// Every background task is running.
    background_tasks: bool,
    /// The program is not about to stop.
    not_stopping: bool,
}

impl ReadyChecksView {
    const fn all(&self) -> bool {
        self.database && self.migrations && self.background_tasks && self.not_stopping
    }
}

/// Tells whether this process can take requests. A cache that is away does not stop it.
#[utoipa::path(
    get, path = "/health/ready", tag = "Health",
    responses(
        (status = 200, description = "Ready.", body = ReadyView),
        (status = 503, description = "Not ready; requests should go elsewhere.", body = ReadyView),
    ),
)]
pub(crate) async fn ready(http: web::Data<Http>) -> HttpResponse {
    let checks = ReadyChecksView {
        database: database_is_up(&http).await,
        migrations: http.readiness.is_migrated(),
        background_tasks: http.readiness.tasks_are_up(),
        not_stopping: !http.readiness.is_stopping(),
    };
    if checks.all() {
        HttpResponse::Ok().json(ReadyView {
            status: "ready",
            checks,
        })
    } else {
        let mut response = HttpResponse::ServiceUnavailable()
            .insert_header((actix_web::http::header::RETRY_AFTER, 1))
            .json(ReadyView {
                status: "not_ready",
                checks,
            });
        response.extensions_mut().insert(AsIs);
        response
    }
}

/// Asks the database alone: the other dependencies have no say in this, and may be slow.
async fn database_is_up(http: &Http) -> bool {
    let check_database = http.use_cases.health.check_database.clone();
    http.run(async move { Ok::<_, Problem>(check_database.run().await) })
        .await
        .is_ok_and(|result| result.status == CheckStatus::Up)
}
