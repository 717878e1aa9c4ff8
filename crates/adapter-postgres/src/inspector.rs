//! What the database says of itself.

mod questions;

use async_trait::async_trait;
use kogents_domain::health::{
    DatabaseDescription, DatabaseInspector, MigrationCount, PoolFigures, StorageFigures, TableRows,
};
use kogents_domain::store::{StoreError, UnitOfWork as _};
use kogents_domain::time::Timestamp;

use crate::migrations;
use crate::store::PgStore;
use questions::{Described, Question, Stored, Table};

/// Begins a transaction for questions about the database itself. No row of a tenant is read, so it
/// is bound to nobody; and the login keeps its role, because the one that transactions step down to
/// may not see which migrations were applied.
const OPENING: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY";

impl PgStore {
    /// Asks something in a transaction of its own. The answer comes within the time of one
    /// statement, or is given up; then its connection is closed.
    pub(crate) async fn in_time<T: Question>(&self) -> Result<T, StoreError> {
        self.limited(self.ask()).await
    }

    /// The same when it is this question's turn, the wait for it included.
    async fn in_turn<T: Question>(&self) -> Result<T, StoreError> {
        let asking = async {
            let _turn = self.turn().lock().await;
            self.ask().await
        };
        self.limited(asking).await
    }

    async fn ask<T: Question>(&self) -> Result<T, StoreError> {
        let mut unit = self.open_unit(OPENING.to_owned()).await?;
        let answer = T::ask(&mut unit).await?;
        Box::new(unit).commit().await?;
        Ok(answer)
    }

    async fn limited<T>(
        &self,
        asking: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let given_up = |_| StoreError::Unavailable("it does not answer in time".to_owned());
        tokio::time::timeout(self.options().answer_timeout(), asking)
            .await
            .map_err(given_up)?
    }
}

#[async_trait]
impl DatabaseInspector for PgStore {
    async fn describe(&self) -> Result<DatabaseDescription, StoreError> {
        let described: Described = self.in_turn().await?;
        let is_pending = |version: &&str| !described.applied.iter().any(|known| known == version);
        let pending = migrations::known().filter(is_pending).count();
        Ok(DatabaseDescription {
            version: format!("PostgreSQL {}", described.number()),
            migrations: MigrationCount {
                applied: count(described.applied.len()),
                pending: count(pending),
            },
            now: Some(Timestamp::from_millis(described.now_millis)),
        })
    }

    async fn storage(&self) -> Result<StorageFigures, StoreError> {
        let stored: Stored = self.in_turn().await?;
        Ok(StorageFigures {
            size_bytes: whole(stored.size_bytes),
            cache_hit_ratio: stored.cache_hit_ratio,
            deadlocks: Some(whole(stored.deadlocks)),
        })
    }

    /// What the planner believes, over all partitions of a table: as of the last VACUUM or ANALYZE,
    /// which autovacuum runs as tables change. Of a table that had neither, what the server has
    /// counted since it last crashed.
    async fn table_rows(&self) -> Result<Vec<TableRows>, StoreError> {
        let tables: Vec<Table> = self.in_turn().await?;
        let tables = tables.into_iter().map(|table| TableRows {
            table: table.name,
            rows: whole(table.rows),
        });
        Ok(tables.collect())
    }

    fn pool(&self) -> PoolFigures {
        self.pool_figures()
    }
}

fn count(migrations: usize) -> u32 {
    u32::try_from(migrations).unwrap_or(u32::MAX)
}

/// What is never below zero.
fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
