//! What servers are told: `NoticeRepository` on the table `notices`.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use kogents_domain::ids::{NoticeId, UserId};
use kogents_domain::notice::{Notice, NoticeKind, NoticeRepository};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::columns::{id, id_bytes, touched};
use crate::error::InvalidRow;
use crate::schema::notices;
use crate::unit_of_work::SqliteUnitOfWork;

/// `?1` before when.
const SWEEP: &str = "DELETE FROM notices WHERE id IN \
    (SELECT id FROM notices WHERE at < ?1 ORDER BY at LIMIT 1000)";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notices, check_for_backend(Sqlite))]
struct NoticeRow {
    id: Vec<u8>,
    kind: String,
    user_id: Vec<u8>,
    at: i64,
}

impl NoticeRow {
    /// None for a kind that only a newer release knows.
    fn into_notice(self) -> Result<Option<Notice>, InvalidRow> {
        let Some(kind) = NoticeKind::from_name(&self.kind) else {
            return Ok(None);
        };
        Ok(Some(Notice {
            id: NoticeId::from_uuid(id(&self.id, "notices.id")?),
            kind,
            user_id: UserId::from_uuid(id(&self.user_id, "notices.user_id")?),
            at: Timestamp::from_millis(self.at),
        }))
    }
}

#[async_trait]
impl NoticeRepository for SqliteUnitOfWork {
    async fn post(&mut self, notice: &Notice) -> Result<(), StoreError> {
        let row = NoticeRow {
            id: id_bytes(notice.id.as_uuid()),
            kind: notice.kind.as_str().to_owned(),
            user_id: id_bytes(notice.user_id.as_uuid()),
            at: notice.at.as_millis(),
        };
        self.run(move |conn| {
            diesel::insert_into(notices::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn newest(&mut self, most: u16) -> Result<Vec<Notice>, StoreError> {
        self.run(move |conn| {
            let rows: Vec<NoticeRow> = notices::table
                .order(notices::id.desc())
                .limit(i64::from(most))
                .select(NoticeRow::as_select())
                .load(conn)?;
            let read = rows.into_iter().map(NoticeRow::into_notice);
            let read: Result<Vec<Notice>, InvalidRow> =
                read.filter_map(Result::transpose).collect();
            Ok(read?)
        })
        .await
    }

    async fn sweep(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.run(move |conn| {
            let removed = sql_query(SWEEP)
                .bind::<BigInt, _>(before.as_millis())
                .execute(conn)?;
            Ok(touched(removed))
        })
        .await
    }
}
