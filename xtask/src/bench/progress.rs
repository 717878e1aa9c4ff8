//! How far a run has come: a bar in a terminal, a line for each row anywhere else.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The progress of a run whose parts take so many seconds.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    /// What the part under way will have taken.
    pending: Duration,
    row: String,
}

impl Progress {
    /// Nothing is done yet of what will take so long.
    pub(super) fn new(total: Duration) -> Self {
        let style = ProgressStyle::with_template("{wide_bar} {msg}, {eta} left");
        let bar = style
            .ok()
            .filter(|_| std::io::stderr().is_terminal())
            .map(|style| {
                let bar = ProgressBar::new(total.as_secs()).with_style(style);
                bar.enable_steady_tick(Duration::from_millis(250));
                bar
            });
        Self {
            bar,
            pending: Duration::ZERO,
            row: String::new(),
        }
    }

    /// The next part begins; it will take about so long.
    pub(super) fn part(&mut self, row: &str, what: &str, takes: Duration) {
        let done = std::mem::replace(&mut self.pending, takes);
        match &self.bar {
            Some(bar) => {
                bar.inc(done.as_secs());
                bar.set_message(format!("{row}: {what}"));
            }
            None if self.row != row => eprintln!("{row}"),
            None => {}
        }
        row.clone_into(&mut self.row);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
