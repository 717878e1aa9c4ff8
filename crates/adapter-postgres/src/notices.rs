//! What servers are told.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use kogents_domain::ids::{NoticeId, UserId};
use kogents_domain::notice::{Notice, NoticeKind, NoticeRepository};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use uuid::Uuid;

use crate::schema::notices;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` before when.
const SWEEP: &str = "DELETE FROM notices WHERE id IN \
    (SELECT id FROM notices WHERE at < $1 ORDER BY at LIMIT 1000)";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notices, check_for_backend(diesel::pg::Pg))]
struct NoticeRow {
    id: Uuid,
    kind: String,
    user_id: Uuid,
    at: i64,
}

impl NoticeRow {
    /// None for a kind that only a newer release knows.
    fn into_notice(self) -> Option<Notice> {
        Some(Notice {
            id: NoticeId::from_uuid(self.id),
            kind: NoticeKind::from_name(&self.kind)?,
            user_id: UserId::from_uuid(self.user_id),
            at: Timestamp::from_millis(self.at),
        })
    }
}

#[async_trait]
impl NoticeRepository for PgUnitOfWork {
    async fn post(&mut self, notice: &Notice) -> Result<(), StoreError> {
        let row = NoticeRow {
            id: *notice.id.as_uuid(),
            kind: notice.kind.as_str().to_owned(),
            user_id: *notice.user_id.as_uuid(),
            at: notice.at.as_millis(),
        };
        ask!(self, connection => diesel::insert_into(notices::table).values(row).execute(connection))?;
        Ok(())
    }

    async fn newest(&mut self, most: u16) -> Result<Vec<Notice>, StoreError> {
        let query = notices::table
            .order(notices::id.desc())
            .limit(i64::from(most))
            .select(NoticeRow::as_select());
        let rows: Vec<NoticeRow> = ask!(self, connection => query.load(connection))?;
        Ok(rows
            .into_iter()
            .filter_map(NoticeRow::into_notice)
            .collect())
    }

    async fn sweep(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let sweep = sql_query(SWEEP).bind::<BigInt, _>(before.as_millis());
        let removed = ask!(self, connection => sweep.execute(connection))?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }
}
