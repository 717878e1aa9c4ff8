//! The ceiling of `POST /auth/refresh`: the same unit of work through the same pool.

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::Rotation;
use kogents_domain::store::Scope;
use serde::{Deserialize, Serialize};

use super::ceiling::Ceiling;
use super::refused::Refused;
use crate::hex;

/// About as long as a token.
static FILLER: LazyLock<String> = LazyLock::new(|| ".".repeat(415));

/// A session that was not refreshed before, and what the server would derive of its token.
#[derive(Deserialize)]
pub(super) struct Spent {
    user: UserId,
    session: SessionId,
    digest: String,
    next: String,
}

#[derive(Serialize)]
struct Rotated<'a> {
    access_token: &'a str,
    token_type: &'a str,
    #[serde(rename = "expiresIn")]
    expires_in: u64,
    refresh_token: &'a str,
}

/// Rotates, and mints nothing.
pub(super) async fn refresh(
    ceiling: web::Data<Ceiling>,
    spent: web::Query<Spent>,
    _body: web::Bytes,
) -> Result<HttpResponse, Refused> {
    let rotation = Rotation {
        session_id: spent.session,
        generation: 0,
        digest: hex::digest(&spent.digest).ok_or(Refused::Malformed)?,
        next_digest: hex::digest(&spent.next).ok_or(Refused::Malformed)?,
        now: ceiling.now(),
        grace: ceiling.refresh_grace,
        session_idle: ceiling.session_idle,
    };
    let mut unit = ceiling.store()?.begin(Scope::Person(spent.user)).await?;
    let rotated = unit.sessions().rotate(&rotation).await?;
    let session = rotated.ok_or(Refused::Gone)?;
    unit.sessions().find_activity(session.id).await?;
    unit.commit().await?;
    Ok(HttpResponse::Ok().json(Rotated {
        access_token: &FILLER,
        token_type: "Bearer",
        expires_in: 900,
        refresh_token: &FILLER,
    }))
}
