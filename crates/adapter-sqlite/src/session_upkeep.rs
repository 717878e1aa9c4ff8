//! The upkeep of sessions: `SessionUpkeep` on `sessions`, `session_facts` and `session_activity`.

mod dropping;
mod lag;
mod minimising;
mod timing_out;

use async_trait::async_trait;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{
    Session, SessionActivity, SessionUpkeep, TimedOut, Traces, UpkeepLag,
};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::unit_of_work::SqliteUnitOfWork;

#[async_trait]
impl SessionUpkeep for SqliteUnitOfWork {
    async fn list_idle(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Session, SessionActivity)>, StoreError> {
        self.run(move |conn| timing_out::list_idle(conn, now, limit))
            .await
    }

    async fn move_idle_ends(&mut self, moved: &[(SessionId, Timestamp)]) -> Result<(), StoreError> {
        let moved = moved.to_vec();
        self.run(move |conn| timing_out::move_idle_ends(conn, &moved))
            .await
    }

    async fn end_timed_out(
        &mut self,
        sessions: &[TimedOut],
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let sessions = sessions.to_vec();
        self.run(move |conn| timing_out::end_timed_out(conn, &sessions, now))
            .await
    }

    async fn list_traces(
        &mut self,
        ended_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Traces>, StoreError> {
        self.run(move |conn| minimising::list_traces(conn, ended_before, limit))
            .await
    }

    async fn minimise(&mut self, traces: &[Traces]) -> Result<(), StoreError> {
        let traces = traces.to_vec();
        self.run(move |conn| minimising::minimise(conn, &traces))
            .await
    }

    async fn drop_opened_before(
        &mut self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.run(move |conn| dropping::drop_opened_before(conn, moment, limit))
            .await
    }

    /// One file has no partitions.
    async fn make_partitions(
        &mut self,
        _now: Timestamp,
        _months_ahead: u32,
    ) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn lag(&mut self, now: Timestamp) -> Result<UpkeepLag, StoreError> {
        self.run(move |conn| lag::lag(conn, now)).await
    }
}
