//! How far upkeep lags behind: the first entry of an index each, and a count that is bounded.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable};
use diesel_async::RunQueryDsl;
use kogents_domain::session::UpkeepLag;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::rows::{counter, moment};
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` now.
const LAG: &str = "SELECT \
    (SELECT idle_expires_at FROM sessions WHERE ended_at IS NULL AND idle_expires_at <= $1 \
        ORDER BY idle_expires_at LIMIT 1) AS to_end_since, \
    (SELECT ended_at FROM sessions WHERE ended_at <= $1 AND NOT minimised \
        ORDER BY ended_at LIMIT 1) AS to_minimise_since, \
    (SELECT started_at FROM sessions ORDER BY id LIMIT 1) AS oldest, \
    kogents_default_partition_rows() AS strays";

#[derive(QueryableByName)]
struct LagRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    to_end_since: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    to_minimise_since: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<i64>,
    #[diesel(sql_type = BigInt)]
    strays: i64,
}

/// See [`SessionUpkeep::lag`](kogents_domain::session::SessionUpkeep::lag).
pub(super) async fn lag(unit: &mut PgUnitOfWork, now: Timestamp) -> Result<UpkeepLag, StoreError> {
    let query = sql_query(LAG).bind::<BigInt, _>(now.as_millis());
    let row: LagRow = ask!(unit, connection => query.get_result(connection))?;
    Ok(UpkeepLag {
        to_end_since: moment(row.to_end_since),
        to_minimise_since: moment(row.to_minimise_since),
        oldest: moment(row.oldest),
        strays: counter(row.strays, "kogents_default_partition_rows")?,
    })
}
