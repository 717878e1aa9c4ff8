//! The upkeep of sessions: what ends, is minimised and dropped because its time has come.

mod lag;
mod minimising;
mod months;
mod timing_out;

use async_trait::async_trait;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{
    Session, SessionActivity, SessionUpkeep, TimedOut, Traces, UpkeepLag,
};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::unit_of_work::PgUnitOfWork;

#[async_trait]
impl SessionUpkeep for PgUnitOfWork {
    async fn list_idle(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Session, SessionActivity)>, StoreError> {
        timing_out::list_idle(self, now, limit).await
    }

    async fn move_idle_ends(&mut self, moved: &[(SessionId, Timestamp)]) -> Result<(), StoreError> {
        timing_out::move_idle_ends(self, moved).await
    }

    async fn end_timed_out(
        &mut self,
        sessions: &[TimedOut],
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        timing_out::end_timed_out(self, sessions, now).await
    }

    async fn list_traces(
        &mut self,
        ended_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Traces>, StoreError> {
        minimising::list_traces(self, ended_before, limit).await
    }

    async fn minimise(&mut self, traces: &[Traces]) -> Result<(), StoreError> {
        minimising::minimise(self, traces).await
    }

    async fn drop_opened_before(
        &mut self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        months::drop_before(self, moment, limit).await
    }

    async fn make_partitions(
        &mut self,
        now: Timestamp,
        months_ahead: u32,
    ) -> Result<u64, StoreError> {
        months::make(self, now, months_ahead).await
    }

    async fn lag(&mut self, now: Timestamp) -> Result<UpkeepLag, StoreError> {
        lag::lag(self, now).await
    }
}
