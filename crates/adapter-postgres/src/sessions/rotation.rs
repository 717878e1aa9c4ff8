//! Rotates a session's refresh token, in one statement that only one of many callers wins.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::auth::SpentTokens;
use kogents_domain::session::{Rotation, Session};
use kogents_domain::store::StoreError;

use super::functions::{cardinality, greatest, kogents_spend, kogents_spent_within, least};
use super::session_row::SessionRow;
use crate::fixed::FixedText as _;
use crate::schema::sessions;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// See [`SessionRepository::rotate`](kogents_domain::session::SessionRepository::rotate).
pub(super) async fn rotate(
    unit: &mut PgUnitOfWork,
    rotation: &Rotation,
) -> Result<Option<Session>, StoreError> {
    let id = *rotation.session_id.as_uuid();
    let now = rotation.now.as_millis();
    let grace = rotation.grace.as_millis();
    let idle_end = rotation.now.plus(rotation.session_idle).as_millis();
    let most = i32::try_from(SpentTokens::MAX).unwrap_or(i32::MAX);
    let update = diesel::update(sessions::table.find(id))
        .filter(sessions::refresh_generation.eq(i64::from(rotation.generation)))
        .filter(sessions::refresh_digest.eq(rotation.digest.as_bytes().to_vec()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::idle_expires_at.gt(now))
        .filter(sessions::absolute_expires_at.gt(now))
        .filter(cardinality(kogents_spent_within(sessions::refresh_spent, now, grace)).lt(most))
        .set((
            sessions::refresh_generation.eq(sessions::refresh_generation + 1_i64),
            sessions::refresh_digest.eq(rotation.next_digest.as_bytes().to_vec()),
            sessions::refresh_rotated_at.eq(now),
            sessions::refresh_spent.eq(kogents_spend(sessions::refresh_spent, now, grace)),
            sessions::idle_expires_at.eq(greatest(
                sessions::idle_expires_at,
                least(idle_end, sessions::absolute_expires_at),
            )),
        ))
        .returning(SessionRow::as_returning())
        .fixed();
    let rows: Vec<SessionRow> = ask!(unit, connection => update.get_results(connection))?;
    rows.into_iter().next().map(Session::try_from).transpose()
}
