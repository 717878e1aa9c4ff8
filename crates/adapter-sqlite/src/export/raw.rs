//! A row as SQLite has it, whatever its table.

use diesel::deserialize::{self, QueryableByName};
use diesel::row::{Field as _, NamedRow, Row};
use diesel::sqlite::{Sqlite, SqliteType};
use kogents_domain::moving::{Cell, Column, Kind, Table};
use uuid::Uuid;

use super::ExportError;

/// A value of one of SQLite's own types.
#[derive(Debug)]
enum Raw {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row.
pub(super) struct RawRow(Vec<Raw>);

impl QueryableByName<Sqlite> for RawRow {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        let value = |at: usize| -> deserialize::Result<Raw> {
            let field = Row::get(row, at).ok_or("a column is missing")?;
            let Some(mut value) = field.value() else {
                return Ok(Raw::Null);
            };
            Ok(match value.value_type() {
                None => Raw::Null,
                Some(SqliteType::Binary) => Raw::Blob(value.read_blob().to_vec()),
                Some(SqliteType::Text) => Raw::Text(value.read_text().to_owned()),
                Some(SqliteType::Float | SqliteType::Double) => Raw::Real(value.read_double()),
                Some(SqliteType::SmallInt | SqliteType::Integer | SqliteType::Long) => {
                    Raw::Integer(value.read_long())
                }
            })
        };
        let values: deserialize::Result<Vec<Raw>> = (0..row.field_count()).map(value).collect();
        Ok(Self(values?))
    }
}

impl RawRow {
    /// The row as no store in particular has it.
    pub(super) fn into_cells(self, table: &Table) -> Result<Vec<Cell>, ExportError> {
        let cell = |(column, raw): (&'static Column, Raw)| {
            cell(*column, raw).ok_or(ExportError::Unreadable {
                table: table.name,
                column: column.name,
            })
        };
        table.columns.iter().zip(self.0).map(cell).collect()
    }
}

/// The one place where what SQLite keeps becomes what a column is for.
fn cell(column: Column, raw: Raw) -> Option<Cell> {
    match (column.kind, raw) {
        (_, Raw::Null) => column.is_optional.then_some(Cell::Null),
        (Kind::Flag, Raw::Integer(0)) => Some(Cell::Flag(false)),
        (Kind::Flag, Raw::Integer(1)) => Some(Cell::Flag(true)),
        (Kind::Integer, Raw::Integer(number)) => Some(Cell::Integer(number)),
        (Kind::Real, Raw::Real(number)) => number.is_finite().then_some(Cell::Real(number)),
        (Kind::Text, Raw::Text(text)) => Some(Cell::Text(text)),
        (Kind::Id, Raw::Blob(bytes)) => Uuid::from_slice(&bytes).ok().map(Cell::Id),
        (Kind::Bytes, Raw::Blob(bytes)) => Some(Cell::Bytes(bytes)),
        (Kind::Integers, Raw::Text(text)) => serde_json::from_str(&text).ok().map(Cell::Integers),
        (
            Kind::Flag
            | Kind::Integer
            | Kind::Real
            | Kind::Text
            | Kind::Id
            | Kind::Bytes
            | Kind::Integers,
            Raw::Integer(_) | Raw::Real(_) | Raw::Text(_) | Raw::Blob(_),
        ) => None,
    }
}
