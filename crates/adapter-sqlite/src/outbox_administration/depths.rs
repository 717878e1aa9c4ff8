//! How full the lanes are.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::SqliteConnection;
use kogents_domain::mail::{Lane, LaneDepth};
use kogents_domain::time::Timestamp;

use crate::columns::{moment, number};
use crate::error::Failure;

/// `?1` the lane, `?2` now. Everything is told by indexes. A job that is not due before it has
/// expired is never sent: it is there to be counted, and waits for nothing.
const DEPTH: &str = "SELECT count(*) AS queued, \
    min(created_at) FILTER (WHERE expires_at IS NULL OR run_at < expires_at) AS waiting_since, \
    (SELECT count(*) FROM outbox WHERE state = 'dead' AND lane = ?1) AS dead \
    FROM outbox WHERE state = 'queued' AND lane = ?1 \
        AND (expires_at IS NULL OR expires_at > ?2)";

#[derive(QueryableByName)]
struct DepthRow {
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    waiting_since: Option<i64>,
    #[diesel(sql_type = BigInt)]
    dead: i64,
}

/// Of every lane, the most urgent first.
pub(super) fn depths(
    conn: &mut SqliteConnection,
    now: Timestamp,
) -> Result<Vec<LaneDepth>, Failure> {
    let mut depths = Vec::new();
    for lane in Lane::ALL {
        let row: DepthRow = sql_query(DEPTH)
            .bind::<Text, _>(lane.as_str())
            .bind::<BigInt, _>(now.as_millis())
            .get_result(conn)?;
        depths.push(LaneDepth {
            lane,
            queued: number(row.queued, "count of queued jobs")?,
            waiting_since: moment(row.waiting_since),
            dead: number(row.dead, "count of dead letters")?,
        });
    }
    Ok(depths)
}
