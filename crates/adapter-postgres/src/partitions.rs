//! Looks after the session tables' partitions.

use diesel::define_sql_function;
use diesel_async::RunQueryDsl as _;
use kogents_domain::store::{Scope, StoreError, UnitOfWork as _};

use crate::rows;
use crate::scope::Mode;
use crate::store::PgStore;
use crate::unit_of_work::ask;

define_sql_function! {
    /// How many rows rest in a DEFAULT partition.
    fn kogents_default_partition_rows() -> BigInt;
}

impl PgStore {
    /// How many rows of the session tables rest in a DEFAULT partition, because their month has
    /// none of its own: for a metric that should always be zero. Making the month's partitions
    /// moves them there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn default_partition_rows(&self) -> Result<u64, StoreError> {
        let mut unit = self.open_unit(Scope::System, Mode::Read).await?;
        let query = diesel::select(kogents_default_partition_rows());
        let count: i64 = ask!(unit, connection => query.get_result(connection))?;
        Box::new(unit).commit().await?;
        rows::counter(count, "kogents_default_partition_rows")
    }
}
