//! Rows turned into one array a column, as one statement takes them.

use kogents_domain::moving::{Cell, Kind, Table};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// What is counted for a value besides its text or bytes.
const CELL_BYTES: usize = 16;

/// The type of an array of values of a kind, and the cast that makes one of its elements the value.
/// A list within an array would have to be as long as the others, so lists go as texts.
pub(super) const fn sql_types(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Flag => ("boolean[]", ""),
        Kind::Integer => ("bigint[]", ""),
        Kind::Real => ("double precision[]", ""),
        Kind::Text => ("text[]", ""),
        Kind::Id => ("uuid[]", ""),
        Kind::Bytes => ("bytea[]", ""),
        Kind::Integers => ("text[]", "::bigint[]"),
    }
}

/// The values of one column.
enum Values {
    Flags(Vec<Option<bool>>),
    Integers(Vec<Option<i64>>),
    Reals(Vec<Option<f64>>),
    Texts(Vec<Option<String>>),
    Ids(Vec<Option<Uuid>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Lists(Vec<Option<String>>),
}

/// Rows that wait for their statement.
pub(super) struct Batch {
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

impl Batch {
    /// None yet, of a table.
    pub(super) fn of(table: &Table) -> Self {
        let columns = table.columns.iter();
        Self {
            columns: columns.map(|column| Values::of(column.kind)).collect(),
            rows: 0,
            bytes: 0,
        }
    }

    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// About how much memory they have.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a row; None when it does not have the table's columns.
    pub(super) fn push(&mut self, row: Vec<Cell>) -> Option<()> {
        if row.len() != self.columns.len() {
            return None;
        }
        for (values, cell) in self.columns.iter_mut().zip(row) {
            self.bytes = self.bytes.saturating_add(size(&cell));
            values.push(cell)?;
        }
        self.rows = self.rows.saturating_add(1);
        Some(())
    }

    /// The arrays, in the order of the columns.
    pub(super) fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.columns.iter().map(Values::as_sql).collect()
    }

    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Values::clear);
        self.rows = 0;
        self.bytes = 0;
    }
}

impl Values {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Flag => Self::Flags(Vec::new()),
            Kind::Integer => Self::Integers(Vec::new()),
            Kind::Real => Self::Reals(Vec::new()),
            Kind::Text => Self::Texts(Vec::new()),
            Kind::Id => Self::Ids(Vec::new()),
            Kind::Bytes => Self::Bytes(Vec::new()),
            Kind::Integers => Self::Lists(Vec::new()),
        }
    }

    /// The one place where what a column is for becomes what PostgreSQL takes.
    fn push(&mut self, cell: Cell) -> Option<()> {
        match (self, cell) {
            (Self::Flags(values), Cell::Flag(value)) => values.push(Some(value)),
            (Self::Flags(values), Cell::Null) => values.push(None),
            (Self::Integers(values), Cell::Integer(value)) => values.push(Some(value)),
            (Self::Integers(values), Cell::Null) => values.push(None),
            (Self::Reals(values), Cell::Real(value)) => values.push(Some(value)),
            (Self::Reals(values), Cell::Null) => values.push(None),
            (Self::Texts(values), Cell::Text(value)) => values.push(Some(value)),
            (Self::Texts(values), Cell::Null) => values.push(None),
            (Self::Ids(values), Cell::Id(value)) => values.push(Some(value)),
            (Self::Ids(values), Cell::Null) => values.push(None),
            (Self::Bytes(values), Cell::Bytes(value)) => values.push(Some(value)),
            (Self::Bytes(values), Cell::Null) => values.push(None),
            (Self::Lists(values), Cell::Integers(value)) => values.push(Some(list(&value))),
            (Self::Lists(values), Cell::Null) => values.push(None),
            (
                Self::Flags(_)
                | Self::Integers(_)
                | Self::Reals(_)
                | Self::Texts(_)
                | Self::Ids(_)
                | Self::Bytes(_)
                | Self::Lists(_),
                Cell::Flag(_)
                | Cell::Integer(_)
                | Cell::Real(_)
                | Cell::Text(_)
                | Cell::Id(_)
                | Cell::Bytes(_)
                | Cell::Integers(_),
            ) => return None,
        }
        Some(())
    }

    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Flags(values) => values,
            Self::Integers(values) => values,
            Self::Reals(values) => values,
            Self::Texts(values) | Self::Lists(values) => values,
            Self::Ids(values) => values,
            Self::Bytes(values) => values,
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Flags(values) => values.clear(),
            Self::Integers(values) => values.clear(),
            Self::Reals(values) => values.clear(),
            Self::Texts(values) | Self::Lists(values) => values.clear(),
            Self::Ids(values) => values.clear(),
            Self::Bytes(values) => values.clear(),
        }
    }
}

const fn size(cell: &Cell) -> usize {
    let content = match cell {
        Cell::Null | Cell::Flag(_) | Cell::Integer(_) | Cell::Real(_) | Cell::Id(_) => 0,
        Cell::Text(text) => text.len(),
        Cell::Bytes(bytes) => bytes.len(),
        Cell::Integers(numbers) => numbers.len().saturating_mul(8),
    };
    content.saturating_add(CELL_BYTES)
}

/// A list as the server reads it from a text.
fn list(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

#[cfg(test)]
mod tests {
    use kogents_domain::moving::TABLES;

    use super::*;

    #[test]
    fn a_row_that_is_another_tables_is_not_taken() {
        let table = TABLES.iter().find(|table| table.name == "role_permissions");
        let mut batch = Batch::of(table.unwrap());
        let id = || Cell::Id(Uuid::nil());
        let text = || Cell::Text("users:read".to_owned());
        assert!(batch.push(vec![id(), text()]).is_some());
        assert_eq!(batch.rows(), 1);
        for other in [vec![id()], vec![text(), id()], vec![id(), text(), text()]] {
            assert!(Batch::of(table.unwrap()).push(other).is_none());
        }
    }

    #[test]
    fn lists_are_written_as_the_server_reads_them() {
        assert_eq!(list(&[]), "{}");
        assert_eq!(list(&[1, -2]), "{1,-2}");
    }
}
