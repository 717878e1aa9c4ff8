//! Who does what one must do at a time: `LeaseRepository` on `leases`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Text};
use kogents_domain::lease::LeaseRepository;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::columns::id_bytes;
use crate::fixed::FixedText as _;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` name, `?2` holder, `?3` until, `?4` now.
const TAKE: &str = "INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?3) \
    ON CONFLICT (name) DO UPDATE SET holder = ?2, until = ?3 \
    WHERE leases.holder = ?2 OR leases.until <= ?4 OR leases.until > ?3 + (?3 - ?4)";

/// `?1` name, `?2` holder.
const GIVE_BACK: &str = "DELETE FROM leases WHERE name = ?1 AND holder = ?2";

#[async_trait]
impl LeaseRepository for SqliteUnitOfWork {
    async fn take(
        &mut self,
        name: &'static str,
        holder: Uuid,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let taken = sql_query(TAKE)
                .bind::<Text, _>(name)
                .bind::<Binary, _>(id_bytes(&holder))
                .bind::<BigInt, _>(until.as_millis())
                .bind::<BigInt, _>(now.as_millis())
                .fixed()
                .execute(conn)?;
            Ok(taken == 1)
        })
        .await
    }

    async fn give_back(&mut self, name: &'static str, holder: Uuid) -> Result<(), StoreError> {
        self.run(move |conn| {
            sql_query(GIVE_BACK)
                .bind::<Text, _>(name)
                .bind::<Binary, _>(id_bytes(&holder))
                .fixed()
                .execute(conn)?;
            Ok(())
        })
        .await
    }
}
