//! Forgets who did what.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kogents_domain::audit::AuditTarget;
use kogents_domain::ids::UserId;
use kogents_domain::store::StoreError;
use uuid::Uuid;

use crate::unit_of_work::{PgUnitOfWork, ask};

/// How many entries are changed at once: however much somebody did, no statement takes long.
const BATCH: usize = 2_000;

/// `$1` the actor, `$2` and `$3` the key of the last entry of the batch before, `$4` the most. Rows
/// that were changed are not looked at again.
const FORGET: &str = "UPDATE audit AS a SET actor_id = NULL, ip_address = NULL, session_id = NULL \
    FROM (SELECT id FROM audit WHERE actor_id = $1 AND (at, id) > ($2, $3) \
        ORDER BY at, id LIMIT $4) AS next \
    WHERE a.id = next.id RETURNING a.at, a.id";

/// `$1` the person as a target, `$2` the most: what was tried in their name by whoever it was.
const FORGET_TRIES: &str = "UPDATE audit AS a SET ip_address = NULL, session_id = NULL \
    FROM (SELECT id FROM audit WHERE target = $1 AND actor_id IS NULL AND ip_address IS NOT NULL \
        LIMIT $2) AS next \
    WHERE a.id = next.id";

/// Where an entry stands.
#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// See [`AuditRepository::forget_actor`](kogents_domain::audit::AuditRepository::forget_actor).
pub(super) async fn forget_actor(unit: &mut PgUnitOfWork, actor: UserId) -> Result<(), StoreError> {
    let mut last = Key {
        at: i64::MIN,
        id: Uuid::nil(),
    };
    loop {
        let forget = sql_query(FORGET)
            .bind::<SqlUuid, _>(*actor.as_uuid())
            .bind::<BigInt, _>(last.at)
            .bind::<SqlUuid, _>(last.id)
            .bind::<BigInt, _>(i64::try_from(BATCH).unwrap_or(i64::MAX));
        let forgotten: Vec<Key> = ask!(unit, connection => forget.get_results(connection))?;
        let count = forgotten.len();
        match forgotten.into_iter().max() {
            Some(greatest) if count == BATCH => last = greatest,
            Some(_) | None => return forget_tries(unit, actor).await,
        }
    }
}

async fn forget_tries(unit: &mut PgUnitOfWork, person: UserId) -> Result<(), StoreError> {
    loop {
        let forget = sql_query(FORGET_TRIES)
            .bind::<Text, _>(AuditTarget::from(person).to_string())
            .bind::<BigInt, _>(i64::try_from(BATCH).unwrap_or(i64::MAX));
        let forgotten = ask!(unit, connection => forget.execute(connection))?;
        if forgotten < BATCH {
            return Ok(());
        }
    }
}
