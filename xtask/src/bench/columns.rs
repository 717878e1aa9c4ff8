//! Tables in Markdown whose columns also stand in a terminal.

/// A table.
#[derive(Debug)]
pub(super) struct Columns {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// A table with these columns; the first is text, the others are figures.
    pub(super) fn new(head: &[&'static str]) -> Self {
        Self {
            head: head.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// The table, line by line.
    pub(super) fn render(&self) -> String {
        let head: Vec<String> = self.head.iter().map(|&name| name.to_owned()).collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|column| {
                let cells = self.rows.iter().chain([&head]);
                let widths = cells.filter_map(|row| Some(row.get(column)?.chars().count()));
                widths.max().unwrap_or(0).max(3)
            })
            .collect();
        let rule: Vec<String> = widths
            .iter()
            .enumerate()
            .map(|(column, &width)| match column {
                0 => "-".repeat(width),
                _ => format!("{}:", "-".repeat(width.saturating_sub(1))),
            })
            .collect();
        [&head, &rule]
            .into_iter()
            .chain(&self.rows)
            .map(|row| line(row, &widths))
            .collect()
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).enumerate();
    let cells: String = cells
        .map(|(column, (cell, &width))| match column {
            0 => format!(" {cell:<width$} |"),
            _ => format!(" {cell:>width$} |"),
        })
        .collect();
    format!("|{cells}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let mut columns = Columns::new(&["work", "a second"]);
        columns.push(vec!["live".to_owned(), "18,000".to_owned()]);
        columns.push(vec!["p99 – flood".to_owned(), "–".to_owned()]);
        assert_eq!(
            columns.render(),
            "| work        | a second |\n\
             | ----------- | -------: |\n\
             | live        |   18,000 |\n\
             | p99 – flood |        – |\n"
        );
    }
}
