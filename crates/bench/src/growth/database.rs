//! The measured database, past the store: what it is, what it has counted, what it is told to do.

use std::time::{Duration, Instant};

use tokio_postgres::Client;

use crate::connection;
use crate::failure::{Failure, Outcome};

/// Pages of tables and their indexes, found in memory or not.
const PAGES: &str = "SELECT sum(heap_blks_read + heap_blks_hit \
    + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0))::bigint FROM pg_statio_user_tables";

/// A connection tells what it counted when it ends, at the latest.
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name = 'kogents'";

/// What the report tells of the database.
const SHAPE: &str = "SELECT (SELECT count(*) FROM pg_inherits WHERE inhparent = 'sessions'::regclass), \
    current_setting('shared_buffers'), current_setting('server_version'), \
    pg_database_size(current_database())";

/// The longest that a connection which was closed is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection to the database, of a login that may do everything in it.
pub(super) struct Database {
    pub(super) client: Client,
}

/// What the database is.
pub(super) struct Shape {
    pub(super) partitions: i64,
    pub(super) shared_buffers: String,
    pub(super) version: String,
    pub(super) bytes: i64,
}

impl Database {
    /// Connects.
    pub(super) async fn connect(url: &str) -> Result<Self, Failure> {
        let client = connection::open(url).await?;
        Ok(Self { client })
    }

    /// Leaves nothing to be done that would fall into what is measured.
    pub(super) async fn settle(&self) -> Outcome {
        let tables = "ANALYZE users, memberships, user_devices; ANALYZE sessions; \
            ANALYZE session_facts; ANALYZE session_activity";
        self.client.batch_execute(tables).await?;
        self.client.batch_execute("CHECKPOINT").await?;
        Ok(())
    }

    /// What it is.
    pub(super) async fn shape(&self) -> Result<Shape, Failure> {
        let row = self.client.query_one(SHAPE, &[]).await?;
        Ok(Shape {
            partitions: row.try_get(0)?,
            shared_buffers: row.try_get(1)?,
            version: row.try_get(2)?,
            bytes: row.try_get(3)?,
        })
    }

    /// How many pages were touched since it began to count.
    pub(super) async fn pages(&self) -> Result<i64, Failure> {
        Ok(self.client.query_one(PAGES, &[]).await?.try_get(0)?)
    }

    /// Waits until no store is connected any more.
    pub(super) async fn be_alone(&self) -> Outcome {
        let started = Instant::now();
        loop {
            let others: i64 = self.client.query_one(OTHERS, &[]).await?.try_get(0)?;
            if others == 0 {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                return Err("somebody else works on the database: nothing can be counted".into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
