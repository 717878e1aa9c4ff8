//! Sessions: `SessionRepository` on `sessions`, `session_facts` and `session_activity`.

mod activity;
mod counting;
mod deleting;
mod details;
mod ending;
mod facts;
mod list;
mod refresh;
mod row;

use async_trait::async_trait;
use diesel::prelude::*;
use kogents_domain::ids::{SessionId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::session::{
    EndReason, Rotation, Session, SessionActivity, SessionFacts, SessionQuota, SessionRecord,
    SessionRepository,
};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

pub(crate) use self::activity::ActivityRow;
pub(crate) use self::counting::{greater, lesser, with_activity};
use self::facts::FactsRow;
pub(crate) use self::facts::coordinate;
pub(crate) use self::row::SessionRow;
use crate::columns::id_bytes;
use crate::fixed::FixedText as _;
use crate::schema::{session_activity, session_facts, sessions};
use crate::unit_of_work::SqliteUnitOfWork;

#[async_trait]
impl SessionRepository for SqliteUnitOfWork {
    async fn insert(&mut self, record: &SessionRecord) -> Result<(), StoreError> {
        let id = record.session.id;
        let session = SessionRow::of(&record.session);
        let facts = FactsRow::of(id, &record.facts);
        let activity = ActivityRow::of(id, &record.activity);
        self.run(move |conn| {
            diesel::insert_into(sessions::table)
                .values(session?)
                .execute(conn)?;
            diesel::insert_into(session_facts::table)
                .values(facts?)
                .execute(conn)?;
            diesel::insert_into(session_activity::table)
                .values(activity?)
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn find(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.run(move |conn| {
            let row = sessions::table
                .find(id_bytes(id.as_uuid()))
                .select(SessionRow::as_select())
                .first(conn)
                .optional()?;
            Ok(row.map(Session::try_from).transpose()?)
        })
        .await
    }

    async fn find_record(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, StoreError> {
        self.run(move |conn| list::find_record(conn, user, id))
            .await
    }

    async fn find_with_activity(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<Option<(Session, SessionActivity)>, StoreError> {
        self.run(move |conn| counting::find_with_session(conn, user, id))
            .await
    }

    async fn find_activity(
        &mut self,
        id: SessionId,
    ) -> Result<Option<SessionActivity>, StoreError> {
        self.run(move |conn| counting::find(conn, id)).await
    }

    async fn count_open(&mut self, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
        self.run(move |conn| list::count_open(conn, user, now))
            .await
    }

    async fn list_open(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        self.run(move |conn| list::list_open(conn, user, now)).await
    }

    async fn list_all(
        &mut self,
        user: UserId,
        limit: PageLimit,
        after: Option<SessionId>,
    ) -> Result<Page<SessionRecord, SessionId>, StoreError> {
        self.run(move |conn| list::list_all(conn, user, limit, after))
            .await
    }

    async fn count_all(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.run(move |conn| list::count_all(conn, user)).await
    }

    async fn rotate(&mut self, rotation: &Rotation) -> Result<Option<Session>, StoreError> {
        let rotation = *rotation;
        self.run(move |conn| refresh::rotate(conn, &rotation)).await
    }

    async fn end(
        &mut self,
        id: SessionId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        self.run(move |conn| ending::end(conn, id, reason, at))
            .await
    }

    async fn end_others(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        self.run(move |conn| ending::end_others(conn, user, except, reason, at))
            .await
    }

    async fn end_in_workspace(
        &mut self,
        user: UserId,
        workspace: WorkspaceId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        self.run(move |conn| ending::end_in_workspace(conn, user, workspace, reason, at))
            .await
    }

    async fn end_all_in_workspace(
        &mut self,
        workspace: WorkspaceId,
        except: SessionId,
        reason: EndReason,
        at: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        self.run(move |conn| ending::end_all_in_workspace(conn, workspace, except, reason, at))
            .await
    }

    async fn set_workspace(
        &mut self,
        id: SessionId,
        workspace: Option<WorkspaceId>,
    ) -> Result<bool, StoreError> {
        self.run(move |conn| {
            let open = sessions::table
                .find(id_bytes(id.as_uuid()))
                .filter(sessions::ended_at.is_null());
            let moved = diesel::update(open)
                .set(sessions::workspace_id.eq(workspace.map(|id| id_bytes(id.as_uuid()))))
                .fixed()
                .execute(conn)?;
            Ok(moved > 0)
        })
        .await
    }

    async fn end_surplus(
        &mut self,
        user: UserId,
        quota: SessionQuota,
    ) -> Result<Vec<Session>, StoreError> {
        self.run(move |conn| ending::end_surplus(conn, user, quota))
            .await
    }

    async fn record_activity(
        &mut self,
        activities: &[(SessionId, SessionActivity)],
    ) -> Result<(), StoreError> {
        let activities = activities.to_vec();
        self.run(move |conn| counting::record(conn, &activities))
            .await
    }

    async fn replace_facts(
        &mut self,
        id: SessionId,
        facts: &SessionFacts,
    ) -> Result<(), StoreError> {
        let row = FactsRow::of(id, facts);
        self.run(move |conn| {
            diesel::update(session_facts::table.find(id_bytes(id.as_uuid())))
                .set(row?)
                .fixed()
                .execute(conn)?;
            Ok(())
        })
        .await
    }

    async fn delete_of_person(&mut self, user: UserId) -> Result<(), StoreError> {
        self.run(move |conn| deleting::delete_of_person(conn, user))
            .await
    }
}
