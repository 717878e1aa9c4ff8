//! How far an export or an import has come: a bar in a terminal, a line a table anywhere else.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

const TICK: Duration = Duration::from_millis(250);
/// How many rows pass before a bar is told of them.
const STEP: u64 = 256;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listener {
    Terminal,
    Lines,
    Nobody,
}

/// Tells on standard error.
#[derive(Debug)]
pub(crate) struct Progress {
    listener: Listener,
    what: String,
    bar: Option<ProgressBar>,
    done: u64,
}

impl Progress {
    /// Tells nobody where that is wanted.
    pub(crate) fn new(is_quiet: bool) -> Self {
        let listener = if is_quiet {
            Listener::Nobody
        } else if std::io::stderr().is_terminal() {
            Listener::Terminal
        } else {
            Listener::Lines
        };
        Self {
            listener,
            what: String::new(),
            bar: None,
            done: 0,
        }
    }

    /// Something begins that has so many rows.
    pub(crate) fn begin(&mut self, what: String, rows: u64) {
        self.what = what;
        self.done = 0;
        let style = ProgressStyle::with_template(
            "{msg} {wide_bar} {human_pos} of {human_len} rows, {eta} left",
        );
        if let (Listener::Terminal, Ok(style)) = (self.listener, style) {
            let bar = ProgressBar::new(rows).with_style(style);
            bar.enable_steady_tick(TICK);
            bar.set_message(self.what.clone());
            self.bar = Some(bar);
        }
    }

    /// One row more is done.
    pub(crate) fn row(&mut self) {
        self.done = self.done.saturating_add(1);
        if let Some(bar) = &self.bar
            && self.done.is_multiple_of(STEP)
        {
            bar.set_position(self.done);
        }
    }

    /// It is done.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if self.listener != Listener::Nobody {
            // Where this cannot be written, nobody reads it.
            let _ = writeln!(std::io::stderr(), "{}: {}", self.what, rows(self.done));
        }
    }
}

/// So many rows, as one says it.
pub(crate) fn rows(number: u64) -> String {
    match number {
        1 => "1 row".to_owned(),
        _ => format!("{} rows", indicatif::HumanCount(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_one_says_it() {
        assert_eq!(rows(0), "0 rows");
        assert_eq!(rows(1), "1 row");
        assert_eq!(rows(1_234_567), "1,234,567 rows");
    }

    #[test]
    fn nobody_is_told_where_that_is_wanted() {
        let mut progress = Progress::new(true);
        progress.begin("users".to_owned(), 1);
        progress.row();
        assert!(progress.bar.is_none());
        assert_eq!((progress.listener, progress.done), (Listener::Nobody, 1));
    }
}
