//! One table's rows on their way in: one transaction.

use kogents_domain::moving::{Cell, Table};
use tokio_postgres::{Client, Statement};

use super::batch::Batch;
use super::error::{ImportError, failed};

/// How many rows a statement takes, at most.
const ROWS: usize = 1_000;
/// How many bytes they may have, about; a row more may come on top.
const BYTES: usize = 1 << 20;

/// Takes the rows of one table. Nothing of them remains unless [`commit`](Self::commit) is called.
///
/// In memory are at most 1,000 rows, or a megabyte of them.
pub struct TableImport<'a> {
    client: &'a Client,
    table: &'static Table,
    statement: Statement,
    batch: Batch,
    taken: u64,
}

impl<'a> TableImport<'a> {
    /// Opens the transaction; None when the table has its rows already.
    pub(super) async fn begin(
        client: &'a Client,
        table: &'static Table,
        opening: &str,
        expected: u64,
    ) -> Result<Option<Self>, ImportError> {
        let fail = |error| failed(table.name, &error);
        // Nobody else writes to it meanwhile, and what is counted stays true.
        let lock = format!(
            "{opening}; LOCK TABLE \"{}\" IN SHARE ROW EXCLUSIVE MODE",
            table.name
        );
        client.batch_execute(&lock).await.map_err(fail)?;
        let count = format!("SELECT count(*) FROM \"{}\"", table.name);
        let row = client.query_one(&count, &[]).await;
        let found: i64 = row.and_then(|row| row.try_get(0)).map_err(fail)?;
        let found = u64::try_from(found).unwrap_or(0);
        if found > 0 {
            client.batch_execute("ROLLBACK").await.map_err(fail)?;
            return if found == expected {
                Ok(None)
            } else {
                Err(ImportError::TableOccupied {
                    table: table.name,
                    found,
                })
            };
        }
        let statement = client.prepare(&insertion(table)).await.map_err(fail)?;
        Ok(Some(Self {
            client,
            table,
            statement,
            batch: Batch::of(table),
            taken: 0,
        }))
    }

    /// Takes a row. The values are in the order of the table's columns.
    ///
    /// # Errors
    /// [`ImportError::Misshapen`], or [`ImportError::Failed`] for any row taken so far.
    pub async fn take(&mut self, row: Vec<Cell>) -> Result<(), ImportError> {
        let fits = self.batch.push(row);
        fits.ok_or(ImportError::Misshapen {
            table: self.table.name,
        })?;
        if self.batch.rows() >= ROWS || self.batch.bytes() >= BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    /// Makes the rows durable, and says how many there are. References to other tables are checked
    /// here.
    ///
    /// # Errors
    /// [`ImportError::Failed`]; then the table is empty.
    pub async fn commit(mut self) -> Result<u64, ImportError> {
        self.flush().await?;
        let done = self.client.batch_execute("COMMIT").await;
        done.map_err(|error| failed(self.table.name, &error))?;
        Ok(self.taken)
    }

    async fn flush(&mut self) -> Result<(), ImportError> {
        if self.batch.rows() == 0 {
            return Ok(());
        }
        let values = self.batch.values();
        let written = self.client.execute(&self.statement, &values).await;
        let written = written.map_err(|error| failed(self.table.name, &error))?;
        self.taken = self.taken.saturating_add(written);
        self.batch.clear();
        Ok(())
    }
}

impl std::fmt::Debug for TableImport<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableImport")
            .field("table", &self.table.name)
            .finish_non_exhaustive()
    }
}

/// One array a column. COPY, which would be the other way, is refused by tables with row-level
/// security.
fn insertion(table: &Table) -> String {
    let mut names = Vec::new();
    let mut selected = Vec::new();
    let mut arrays = Vec::new();
    for (column, place) in table.columns.iter().zip(1..) {
        let name = format!("\"{}\"", column.name);
        let (array, cast) = super::batch::sql_types(column.kind);
        selected.push(format!("given.{name}{cast}"));
        arrays.push(format!("${place}::{array}"));
        names.push(name);
    }
    let names = names.join(", ");
    format!(
        "INSERT INTO \"{}\" ({names}) SELECT {} FROM unnest({}) AS given ({names})",
        table.name,
        selected.join(", "),
        arrays.join(", "),
    )
}
