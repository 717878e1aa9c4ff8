//! Sessions: three rows of one id each.

mod activity;
mod activity_row;
mod deleting;
mod details;
mod ending;
mod facts_row;
mod functions;
mod listing;
mod record_rows;
mod rotation;
mod session_row;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::try_join3;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{
    EndReason, Rotation, Session, SessionActivity, SessionFacts, SessionQuota, SessionRecord,
    SessionRepository,
};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

pub(crate) use self::activity::with_activity;
pub(crate) use self::activity_row::ActivityRow;
use self::facts_row::FactsRow;
pub(crate) use self::functions::greatest;
use self::record_rows::{RecordRows, record, records};
pub(crate) use self::session_row::SessionRow;
use crate::fixed::FixedText as _;
use crate::schema::{session_activity, session_facts, sessions};
use crate::unit_of_work::{PgUnitOfWork, ask};

#[async_trait]
impl SessionRepository for PgUnitOfWork {
    async fn insert(&mut self, record: &SessionRecord) -> Result<(), StoreError> {
        let id = *record.session.id.as_uuid();
        let session = SessionRow::from(&record.session);
        let facts = FactsRow::of(id, &record.facts)?;
        let activity = ActivityRow::of(id, &record.activity);
        let session = diesel::insert_into(sessions::table).values(session);
        let facts = diesel::insert_into(session_facts::table).values(facts);
        let activity = diesel::insert_into(session_activity::table).values(activity);
        // Sent one after the other without waiting, once they are prepared; the server does them in
        // this order.
        ask!(self, connection => async move {
            let (mut first, mut second, mut third) = (*connection, *connection, *connection);
            try_join3(
                session.execute(&mut first),
                facts.execute(&mut second),
                activity.execute(&mut third),
            )
            .await
        })?;
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

    async fn find_with_activity(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<Option<(Session, SessionActivity)>, StoreError> {
        activity::find_with_session(self, user, id).await
    }

    async fn find_activity(
        &mut self,
        id: SessionId,
    ) -> Result<Option<SessionActivity>, StoreError> {
        activity::find(self, id).await
    }

    async fn count_open(&mut self, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
        listing::count_open(self, user, now).await
    }

    async fn list_open(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        listing::list_open(self, user, now).await
    }

    async fn list_all(
        &mut self,
        user: UserId,
        limit: PageLimit,
        after: Option<SessionId>,
    ) -> Result<Page<SessionRecord, SessionId>, StoreError> {
        listing::list_all(self, user, limit, after).await
    }

    async fn count_all(&mut self, user: UserId) -> Result<u64, StoreError> {
        listing::count_all(self, user).await
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
    ) -> Result<Vec<Session>, StoreError> {
        ending::end_others(self, user, except, reason, at).await
    }

    async fn end_in_workspace(
        &mut self,
        user: UserId,
        workspace: WorkspaceId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        ending::end_in_workspace(self, user, workspace, reason, at).await
    }

    async fn end_all_in_workspace(
        &mut self,
        workspace: WorkspaceId,
        except: SessionId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        ending::end_all_in_workspace(self, workspace, except, reason, at).await
    }

    async fn set_workspace(
        &mut self,
        id: SessionId,
        workspace: Option<WorkspaceId>,
    ) -> Result<bool, StoreError> {
        let update = diesel::update(sessions::table.find(*id.as_uuid()))
            .filter(sessions::ended_at.is_null())
            .set(sessions::workspace_id.eq(workspace.map(|id| *id.as_uuid())))
            .fixed();
        Ok(ask!(self, connection => update.execute(connection))? == 1)
    }

    async fn end_surplus(
        &mut self,
        user: UserId,
        quota: SessionQuota,
    ) -> Result<Vec<Session>, StoreError> {
        ending::end_surplus(self, user, quota).await
    }

    async fn record_activity(
        &mut self,
        activities: &[(SessionId, SessionActivity)],
    ) -> Result<(), StoreError> {
        activity::record(self, activities).await
    }

    async fn replace_facts(
        &mut self,
        id: SessionId,
        facts: &SessionFacts,
    ) -> Result<(), StoreError> {
        let row = FactsRow::of(*id.as_uuid(), facts)?;
        let update = diesel::update(session_facts::table.find(*id.as_uuid()))
            .set(row)
            .fixed();
        ask!(self, connection => update.execute(connection))?;
        Ok(())
    }

    async fn delete_of_person(&mut self, user: UserId) -> Result<(), StoreError> {
        deleting::delete_of_person(self, user).await
    }
}
