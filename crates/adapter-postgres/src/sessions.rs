//! Sessions: three rows of one id each.

mod details;
mod ending;
mod facts_row;
mod functions;
mod record_rows;
mod rotation;
mod session_row;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{EndReason, Rotation, Session, SessionRecord, SessionRepository};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use self::facts_row::FactsRow;
use self::record_rows::{ActivityRow, RecordRows, record, records};
use self::session_row::SessionRow;
use crate::rows;
use crate::schema::{session_activity, session_facts, sessions};
use crate::unit_of_work::{PgUnitOfWork, ask};

#[async_trait]
impl SessionRepository for PgUnitOfWork {
    async fn insert(&mut self, record: &SessionRecord) -> Result<(), StoreError> {
        let id = *record.session.id.as_uuid();
        let session = SessionRow::from(&record.session);
        let facts = FactsRow::of(id, &record.facts)?;
        let activity = ActivityRow::of(id, &record.activity);
        let insert = diesel::insert_into(sessions::table).values(session);
        ask!(self, connection => insert.execute(connection))?;
        let insert = diesel::insert_into(session_facts::table).values(facts);
        ask!(self, connection => insert.execute(connection))?;
        let insert = diesel::insert_into(session_activity::table).values(activity);
        ask!(self, connection => insert.execute(connection))?;
        Ok(())
    }

    async fn find(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let query = sessions::table
            .find(*id.as_uuid())
            .select(SessionRow::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().next().map(Session::try_from).transpose()
    }

    async fn find_record(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, StoreError> {
        let query = records()
            .filter(sessions::id.eq(*id.as_uuid()))
            .filter(sessions::user_id.eq(*user.as_uuid()))
            .select(RecordRows::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().next().map(record).transpose()
    }

    async fn list_live(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let query = records()
            .filter(sessions::user_id.eq(*user.as_uuid()))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::idle_expires_at.gt(now.as_millis()))
            .filter(sessions::absolute_expires_at.gt(now.as_millis()))
            .order((
                session_activity::last_activity_at.desc(),
                sessions::id.desc(),
            ))
            .select(RecordRows::as_select());
        let rows = ask!(self, connection => query.load(connection))?;
        rows.into_iter().map(record).collect()
    }

    async fn list_all(
        &mut self,
        user: UserId,
        limit: PageLimit,
        after: Option<SessionId>,
    ) -> Result<Page<SessionRecord, SessionId>, StoreError> {
        let mut query = records()
            .filter(sessions::user_id.eq(*user.as_uuid()))
            .order(sessions::id.desc())
            .limit(i64::from(limit.get()) + 1)
            .select(RecordRows::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(sessions::id.lt(*after.as_uuid()));
        }
        let rows = ask!(self, connection => query.load(connection))?;
        let mut items: Vec<SessionRecord> =
            rows.into_iter().map(record).collect::<Result<_, _>>()?;
        let most = usize::from(limit.get());
        let more = items.len() > most;
        items.truncate(most);
        let next = items
            .last()
            .filter(|_| more)
            .map(|record| record.session.id);
        Ok(Page { items, next })
    }

    async fn count_all(&mut self, user: UserId) -> Result<u64, StoreError> {
        let query = sessions::table
            .filter(sessions::user_id.eq(*user.as_uuid()))
            .count();
        let count = ask!(self, connection => query.get_result::<i64>(connection))?;
        rows::counter(count, "count of sessions")
    }

    async fn rotate(&mut self, rotation: &Rotation) -> Result<Option<Session>, StoreError> {
        rotation::rotate(self, rotation).await
    }

    async fn end(
        &mut self,
        id: SessionId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        ending::end(self, id, reason, at).await
    }

    async fn end_others(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        ending::end_others(self, user, except, reason, at).await
    }

    async fn end_surplus(
        &mut self,
        user: UserId,
        keep: SessionId,
        limit: u32,
        at: Timestamp,
    ) -> Result<Vec<SessionId>, StoreError> {
        ending::end_surplus(self, user, keep, limit, at).await
    }
}
