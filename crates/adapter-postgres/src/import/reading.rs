//! Gives rows back, to be compared with what was taken.

use std::pin::pin;

use futures_util::TryStreamExt as _;
use kogents_domain::moving::{Cell, Column, Kind, Table};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use super::PgImport;
use super::error::{ImportError, failed};

impl PgImport {
    /// Gives each row of a table, in the order of its key, until `each` fails. Rows come one by one
    /// and are not gathered.
    ///
    /// # Errors
    /// [`ImportError::Failed`], and what `each` says.
    pub async fn read<E: From<ImportError>>(
        &self,
        table: &'static Table,
        mut each: impl FnMut(&[Cell]) -> Result<(), E>,
    ) -> Result<(), E> {
        let fail = |error| E::from(failed(table.name, &error));
        let query = selection(table);
        let rows = self.client.query_raw(&query, std::iter::empty::<String>());
        let mut rows = pin!(rows.await.map_err(fail)?);
        while let Some(row) = rows.try_next().await.map_err(fail)? {
            let cells = table.columns.iter().zip(0..);
            let cells = cells.map(|(column, at)| cell(*column, &row, at));
            let cells: Result<Vec<Cell>, _> = cells.collect();
            each(&cells.map_err(fail)?)?;
        }
        Ok(())
    }
}

/// Every column of every row, by key: texts by their octets, as ids are.
fn selection(table: &Table) -> String {
    let names = table
        .columns
        .iter()
        .map(|column| format!("\"{}\"", column.name));
    let names: Vec<String> = names.collect();
    let order = table.key.iter().map(|key| {
        let is_text = table
            .column(key)
            .is_some_and(|column| column.kind == Kind::Text);
        format!("\"{key}\"{}", if is_text { " COLLATE \"C\"" } else { "" })
    });
    let order: Vec<String> = order.collect();
    format!(
        "SELECT {} FROM \"{}\" ORDER BY {}",
        names.join(", "),
        table.name,
        order.join(", "),
    )
}

fn cell(column: Column, row: &Row, at: usize) -> Result<Cell, tokio_postgres::Error> {
    match column.kind {
        Kind::Flag => value(row, at, Cell::Flag),
        Kind::Integer => value(row, at, Cell::Integer),
        Kind::Real => value(row, at, Cell::Real),
        Kind::Text => value(row, at, Cell::Text),
        Kind::Id => value::<Uuid>(row, at, Cell::Id),
        Kind::Bytes => value(row, at, Cell::Bytes),
        Kind::Integers => value(row, at, Cell::Integers),
    }
}

fn value<'r, T: FromSql<'r>>(
    row: &'r Row,
    at: usize,
    wrap: impl FnOnce(T) -> Cell,
) -> Result<Cell, tokio_postgres::Error> {
    let found: Option<T> = row.try_get(at)?;
    Ok(found.map_or(Cell::Null, wrap))
}
