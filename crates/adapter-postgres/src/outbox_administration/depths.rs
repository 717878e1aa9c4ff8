//! How full the lanes are.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use diesel_async::RunQueryDsl;
use kogents_domain::mail::{Lane, LaneDepth};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::error::unreadable;
use crate::rows::{counter, moment};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` lanes, `$2` now. Everything is told by indexes. A job that is not due before it has expired
/// is never sent: it is there to be counted, and waits for nothing.
const DEPTHS: &str = "SELECT g.lane, waiting.queued, waiting.waiting_since, \
        (SELECT count(*) FROM outbox AS o WHERE o.state = 'dead' AND o.lane = g.lane) AS dead \
    FROM unnest($1) WITH ORDINALITY AS g (lane, place) \
    CROSS JOIN LATERAL ( \
        SELECT count(*) AS queued, \
            min(o.created_at) FILTER (WHERE o.expires_at IS NULL OR o.run_at < o.expires_at) \
                AS waiting_since \
        FROM outbox AS o WHERE o.state = 'queued' AND o.lane = g.lane \
            AND (o.expires_at IS NULL OR o.expires_at > $2) \
    ) AS waiting ORDER BY g.place";

#[derive(QueryableByName)]
struct DepthRow {
    #[diesel(sql_type = Text)]
    lane: String,
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    waiting_since: Option<i64>,
    #[diesel(sql_type = BigInt)]
    dead: i64,
}

impl TryFrom<DepthRow> for LaneDepth {
    type Error = StoreError;
    fn try_from(row: DepthRow) -> Result<Self, StoreError> {
        Ok(Self {
            lane: Lane::from_name(&row.lane).ok_or_else(|| unreadable("outbox.lane"))?,
            queued: counter(row.queued, "count of queued jobs")?,
            waiting_since: moment(row.waiting_since),
            dead: counter(row.dead, "count of dead letters")?,
        })
    }
}

/// Of every lane, the most urgent first.
pub(super) async fn depths(
    unit: &mut PgUnitOfWork,
    now: Timestamp,
) -> Result<Vec<LaneDepth>, StoreError> {
    let lanes: Vec<&'static str> = Lane::ALL.into_iter().map(Lane::as_str).collect();
    let query = sql_query(DEPTHS)
        .bind::<Array<Text>, _>(lanes)
        .bind::<BigInt, _>(now.as_millis());
    let rows: Vec<DepthRow> = ask!(unit, connection => query.load(connection))?;
    rows.into_iter().map(LaneDepth::try_from).collect()
}
