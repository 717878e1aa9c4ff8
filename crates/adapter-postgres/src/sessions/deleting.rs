//! Deletes a person's sessions.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::ids::UserId;
use kogents_domain::store::StoreError;
use uuid::Uuid;

use crate::schema::sessions;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// How many sessions are deleted at once: however many somebody has, no statement takes long.
const BATCH: usize = 1_000;

/// `$1` ids. Facts are made coarse before their session is marked, and counters are written in the
/// order of their ids, too: two that want the same rows follow each other.
const DELETE: [&str; 3] = [
    "DELETE FROM session_facts AS f USING kogents_given($1) AS g WHERE f.id = g.id",
    "DELETE FROM sessions AS s USING kogents_given($1) AS g WHERE s.id = g.id",
    "DELETE FROM session_activity AS a USING kogents_given($1) AS g WHERE a.id = g.id",
];

/// Found by the index of persons, in every month; deleted by id, so that one month is looked into
/// for each.
pub(super) async fn delete_of_person(
    unit: &mut PgUnitOfWork,
    user: UserId,
) -> Result<(), StoreError> {
    let mut last = Uuid::nil();
    loop {
        let query = sessions::table
            .filter(sessions::user_id.eq(*user.as_uuid()))
            .filter(sessions::id.gt(last))
            .order(sessions::id.asc())
            .limit(i64::try_from(BATCH).unwrap_or(i64::MAX))
            .select(sessions::id);
        let ids: Vec<Uuid> = ask!(unit, connection => query.load(connection))?;
        let Some(greatest) = ids.last().copied() else {
            return Ok(());
        };
        let is_last = ids.len() < BATCH;
        for statement in DELETE {
            let delete = sql_query(statement).bind::<Array<SqlUuid>, _>(ids.clone());
            ask!(unit, connection => delete.execute(connection))?;
        }
        if is_last {
            return Ok(());
        }
        last = greatest;
    }
}
