//! The figures of all databases as tables.

use super::super::columns::Columns;
use super::super::written::{figure, ratio};
use super::bounds;
use super::figures::{Figures, Pair};
use crate::numbers::{mebibytes, real};

/// Both tables, and what they are of.
pub(super) fn render(figures: &Figures) -> String {
    format!(
        "{}\n{}\n{}",
        operations(figures),
        databases(figures),
        notes(figures)
    )
}

/// A row for each operation and database, the databases of an operation together.
fn operations(figures: &Figures) -> String {
    let head = [
        "operation",
        "sessions",
        "median ms",
        "p99 ms",
        "pages",
        "median",
        "p99",
        "pages",
    ];
    let mut columns = Columns::new(&head);
    let first = figures.databases.first();
    let names = first.into_iter().flat_map(|database| &database.operations);
    for name in names.map(|operation| &operation.name) {
        let of_name = figures.pairs().filter(|pair| pair.few.name == *name);
        for (index, pair) in of_name.enumerate() {
            let name = if index == 0 { name.as_str() } else { "" };
            columns.push(row(name, index == 0, &pair));
        }
    }
    columns.render()
}

fn row(name: &str, is_first: bool, pair: &Pair<'_>) -> Vec<String> {
    let times = |value: f64| {
        if is_first {
            String::new()
        } else {
            format!("×{}", ratio(value))
        }
    };
    let operation = pair.many;
    vec![
        name.to_owned(),
        figure(real(pair.sessions)),
        figure(operation.median_ms),
        figure(operation.p99_ms),
        figure(operation.pages),
        times(pair.median()),
        times(pair.p99()),
        times(pair.pages()),
    ]
}

fn databases(figures: &Figures) -> String {
    let head = [
        "sweep",
        "sessions",
        "rows",
        "rows a second",
        "pages a row",
        "database MiB",
    ];
    let mut columns = Columns::new(&head);
    for database in &figures.databases {
        let sweep = &database.sweep;
        columns.push(vec![
            String::new(),
            figure(real(database.sessions)),
            figure(real(sweep.rows)),
            figure(sweep.rows_per_second),
            figure(sweep.pages_per_row),
            figure(mebibytes(database.database_bytes)),
        ]);
    }
    columns.render()
}

fn notes(figures: &Figures) -> String {
    let shape = figures
        .databases
        .first()
        .map_or_else(String::new, |database| {
            format!(
                "{} partitions and {} of shared buffers in each; ",
                database.partitions, database.shared_buffers
            )
        });
    format!(
        "{shape}one connection. The median may be {} times that with the fewest sessions, p99 {} \
         times, the pages {} times; {} rows a second have to be swept.\n",
        bounds::MEDIAN,
        bounds::P99,
        bounds::PAGES,
        figure(bounds::SWEPT)
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn each_operation_stands_once_with_every_database_beside_it() {
        let text = render(&sample::figures());
        for part in [
            "| list      |    10,000 |",
            "|           | 1,000,000 |",
            "×1.20",
            "15 partitions and 128MB",
            "12,500",
            "1.5 times",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert_eq!(text.matches("| list ").count(), 1);
    }
}
