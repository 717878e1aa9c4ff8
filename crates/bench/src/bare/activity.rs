//! The ceiling of `POST /auth/session/activity`: the same script through the same pool.

use actix_web::{HttpResponse, web};
use kogents_domain::session::ActivityCount;

use super::ceiling::Ceiling;
use super::refused::Refused;
use super::whom::Whom;

/// What a report counts; it is no request of the session's.
const COUNTED: ActivityCount = ActivityCount {
    requests: 0,
    pages: 1,
    actions: 1,
};

/// Takes the body, and throws it away.
pub(super) async fn activity(
    ceiling: web::Data<Ceiling>,
    whom: web::Query<Whom>,
    _body: web::Bytes,
) -> Result<HttpResponse, Refused> {
    ceiling.touch(&whom, COUNTED).await?;
    Ok(HttpResponse::NoContent().finish())
}
