//! A row as a line of JSON, and back.
//!
//! | kind | in JSON |
//! |---|---|
//! | nothing | `null` |
//! | flag | `true`, `false` |
//! | integer, real | a number; a real one that reads back as the very same |
//! | text | a string |
//! | id | a string, `0192f3c0-1111-7abc-8def-0123456789ab` |
//! | bytes | a string in Base64 with padding (RFC 4648) |
//! | integers | an array of numbers |

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kogents_domain::moving::{Cell, Column, Kind, Table};
use serde_json::Value;

/// Adds a row's line with its end. The same row always makes the same bytes.
pub(super) fn encode(cells: &[Cell], line: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut mark = b'[';
    for cell in cells {
        line.push(mark);
        mark = b',';
        match cell {
            Cell::Null => line.extend_from_slice(b"null"),
            Cell::Flag(value) => serde_json::to_writer(&mut *line, value)?,
            Cell::Integer(value) => serde_json::to_writer(&mut *line, value)?,
            Cell::Real(value) => serde_json::to_writer(&mut *line, value)?,
            Cell::Text(value) => serde_json::to_writer(&mut *line, value)?,
            Cell::Id(value) => serde_json::to_writer(&mut *line, &value.to_string())?,
            Cell::Bytes(value) => serde_json::to_writer(&mut *line, &STANDARD.encode(value))?,
            Cell::Integers(value) => serde_json::to_writer(&mut *line, value)?,
        }
    }
    line.extend_from_slice(b"]\n");
    Ok(())
}

/// The row of a line; None where it is none of this table.
pub(super) fn decode(line: &[u8], table: &Table) -> Option<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_slice(line).ok()?;
    if values.len() != table.columns.len() {
        return None;
    }
    let cells = table.columns.iter().zip(values);
    cells.map(|(column, value)| cell(*column, value)).collect()
}

fn cell(column: Column, value: Value) -> Option<Cell> {
    if value.is_null() {
        return column.is_optional.then_some(Cell::Null);
    }
    match column.kind {
        Kind::Flag => value.as_bool().map(Cell::Flag),
        Kind::Integer => value.as_i64().map(Cell::Integer),
        Kind::Real => value.as_f64().map(Cell::Real),
        Kind::Text => match value {
            Value::String(text) => Some(Cell::Text(text)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        },
        Kind::Id => value.as_str()?.parse().ok().map(Cell::Id),
        Kind::Bytes => STANDARD.decode(value.as_str()?).ok().map(Cell::Bytes),
        Kind::Integers => {
            let numbers = value.as_array()?.iter().map(Value::as_i64);
            numbers.collect::<Option<Vec<i64>>>().map(Cell::Integers)
        }
    }
}

#[cfg(test)]
mod tests {
    use kogents_domain::moving::TABLES;

    use super::*;

    fn table(name: &str) -> &'static Table {
        TABLES.iter().find(|table| table.name == name).unwrap()
    }

    /// A row of a table with something in every column, or nothing in those that may be empty.
    fn sample(table: &Table, is_full: bool) -> Vec<Cell> {
        let columns = table.columns.iter();
        let full = |column: &Column| match column.kind {
            Kind::Flag => Cell::Flag(true),
            Kind::Integer => Cell::Integer(i64::MIN),
            Kind::Real => Cell::Real(-0.1 - 0.2),
            Kind::Text => Cell::Text("\"é\u{1F600}\u{7f}\n[".to_owned()),
            Kind::Id => Cell::Id("0192f3c0-1111-7abc-8def-0123456789ab".parse().unwrap()),
            Kind::Bytes => Cell::Bytes(vec![0, 255, 10]),
            Kind::Integers => Cell::Integers(vec![1, -2, i64::MAX]),
        };
        let cell = |column: &Column| {
            if column.is_optional && !is_full {
                Cell::Null
            } else {
                full(column)
            }
        };
        columns.map(cell).collect()
    }

    #[test]
    fn every_row_of_every_table_comes_back() {
        for table in TABLES {
            for is_full in [true, false] {
                let row = sample(table, is_full);
                let mut line = Vec::new();
                encode(&row, &mut line).unwrap();
                assert_eq!(line.iter().filter(|&&byte| byte == b'\n').count(), 1);
                let back = decode(&line, table);
                assert!(back == Some(row), "{}", table.name);
            }
        }
    }

    #[test]
    fn a_line_is_as_the_table_above_says() {
        let mut line = Vec::new();
        encode(&sample(table("role_permissions"), true), &mut line).unwrap();
        encode(
            &[Cell::Real(1.0), Cell::Bytes(vec![1]), Cell::Null],
            &mut line,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "[\"0192f3c0-1111-7abc-8def-0123456789ab\",\"\\\"é\u{1F600}\u{7f}\\n[\"]\n\
             [1.0,\"AQ==\",null]\n"
        );
    }

    #[test]
    fn what_is_no_row_of_the_table_is_refused() {
        let id = "\"0192f3c0-1111-7abc-8def-0123456789ab\"";
        for line in [
            String::new(),
            "{}".to_owned(),
            format!("[{id}]"),
            format!("[{id},\"a\",\"b\"]"),
            format!("[{id},null]"),
            format!("[{id},7]"),
            "[\"no id\",\"a\"]".to_owned(),
            format!("[{id},\"a\"] [{id},\"a\"]"),
            format!("[{id},\"a"),
        ] {
            assert!(
                decode(line.as_bytes(), table("role_permissions")).is_none(),
                "{line}"
            );
        }
    }
}
