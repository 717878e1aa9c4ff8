//! How far upkeep lags behind: the first entry of an index each.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable};
use diesel::sqlite::SqliteConnection;
use kogents_domain::session::UpkeepLag;
use kogents_domain::time::Timestamp;

use crate::columns::moment;
use crate::error::Failure;

/// `?1` now. Conditions are written out so that the indexes made for them are used.
const LAG: &str = "SELECT \
    (SELECT idle_expires_at FROM sessions WHERE ended_at IS NULL AND idle_expires_at <= ?1 \
        ORDER BY idle_expires_at LIMIT 1) AS to_end_since, \
    (SELECT ended_at FROM sessions WHERE ended_at <= ?1 AND minimised = 0 \
        ORDER BY ended_at LIMIT 1) AS to_minimise_since, \
    (SELECT started_at FROM sessions WHERE id > zeroblob(16) ORDER BY id LIMIT 1) AS oldest";

#[derive(QueryableByName)]
struct LagRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    to_end_since: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    to_minimise_since: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<i64>,
}

pub(super) fn lag(conn: &mut SqliteConnection, now: Timestamp) -> Result<UpkeepLag, Failure> {
    let row: LagRow = sql_query(LAG)
        .bind::<BigInt, _>(now.as_millis())
        .get_result(conn)?;
    Ok(UpkeepLag {
        to_end_since: moment(row.to_end_since),
        to_minimise_since: moment(row.to_minimise_since),
        oldest: moment(row.oldest),
        // One file has no partitions.
        strays: 0,
    })
}
