//! What commands write to standard output.

use std::io::Write as _;

use crate::failure::Failure;

/// Writes a line to standard output.
pub(super) fn print_line(line: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}").map_err(|error| Failure::Setup {
        part: "the output",
        reason: error.to_string(),
    })
}

/// A line for each row, below a heading; columns as wide as they must be, two spaces apart.
pub(super) fn table<const N: usize>(
    heading: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Vec<String> {
    let rows: Vec<_> = std::iter::once(heading.map(str::to_owned))
        .chain(rows)
        .collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: [String; N]| {
        let cells = row.into_iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["é", "a"], ["ccc", ""]].map(|row| row.map(str::to_owned));
        let lines = table(["ID", "TO"], rows);
        assert_eq!(lines, ["ID   TO", "é    a", "ccc"]);
    }
}
