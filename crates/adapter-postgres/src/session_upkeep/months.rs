//! Makes the partitions of months to come and drops those of months long past.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::RunQueryDsl;
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;

use crate::rows;
use crate::unit_of_work::{PgUnitOfWork, ask};

/// `$1` a moment in milliseconds, `$2` the most months.
const DROP: &str =
    "SELECT kogents_drop_session_partitions(to_timestamp($1 / 1000.0), $2)::bigint AS count";

/// `$1` a moment in milliseconds, `$2` how many months after its own. Names are looked up first,
/// which locks nothing: mostly all the partitions exist.
const MAKE: &str = "WITH this AS ( \
        SELECT date_trunc('month', to_timestamp($1 / 1000.0) AT TIME ZONE 'UTC') AS month) \
    SELECT (CASE WHEN EXISTS ( \
            SELECT 1 FROM generate_series(0, $2) AS ahead, \
                unnest(ARRAY['sessions', 'session_facts', 'session_activity']) AS parent \
            WHERE to_regclass(quote_ident(parent || to_char( \
                this.month + make_interval(months => ahead), '\"_y\"YYYY\"m\"MM'))) IS NULL) \
        THEN kogents_make_session_partitions(this.month::date, $2 + 1) \
        ELSE 0 END)::bigint AS count FROM this";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Drops months that were over at a moment and in which every session has ended.
pub(super) async fn drop_before(
    unit: &mut PgUnitOfWork,
    moment: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let query = sql_query(DROP)
        .bind::<BigInt, _>(moment.as_millis())
        .bind::<Integer, _>(integer(limit));
    let count: Count = ask!(unit, connection => query.get_result(connection))?;
    rows::counter(count.count, "kogents_drop_session_partitions")
}

/// Makes the partitions of a moment's month and of those after it that do not exist.
pub(super) async fn make(
    unit: &mut PgUnitOfWork,
    now: Timestamp,
    months_ahead: u32,
) -> Result<u64, StoreError> {
    // Whoever waits for a lock on the tables has everybody else wait behind it.
    let patience = sql_query("SET LOCAL lock_timeout = '250ms'");
    ask!(unit, connection => patience.execute(connection))?;
    let query = sql_query(MAKE)
        .bind::<BigInt, _>(now.as_millis())
        .bind::<Integer, _>(integer(months_ahead));
    let count: Count = ask!(unit, connection => query.get_result(connection))?;
    rows::counter(count.count, "kogents_make_session_partitions")
}

fn integer(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
