//! How far a run has come: a bar in a terminal, a line every few seconds anywhere else.

use std::time::{Duration, Instant};

use crate::timing::spoken;

/// How often a line is said where there is no terminal.
const PAUSE: Duration = Duration::from_secs(3);

/// The progress of so many rows.
#[cfg(feature = "seed")]
#[derive(Debug)]
pub(super) struct Progress {
    what: &'static str,
    total: u64,
    started: Instant,
    lines: Lines,
    bar: Option<indicatif::ProgressBar>,
}

#[cfg(feature = "seed")]
impl Progress {
    /// Nothing is done yet of so many rows of something.
    pub(super) fn new(what: &'static str, total: u64) -> Self {
        use std::io::IsTerminal;

        let style = indicatif::ProgressStyle::with_template(
            "{msg} {wide_bar} {human_pos} of {human_len}, {rate} a second, {eta} left",
        );
        let bar = match style {
            Ok(style) if std::io::stderr().is_terminal() => {
                let style = style.with_key("rate", rate);
                let bar = indicatif::ProgressBar::new(total).with_style(style);
                bar.enable_steady_tick(Duration::from_millis(250));
                bar.set_message(what);
                Some(bar)
            }
            Ok(_) | Err(_) => None,
        };
        let started = Instant::now();
        Self {
            what,
            total,
            started,
            lines: Lines::since(started),
            bar,
        }
    }

    /// So many are done.
    pub(super) fn at(&mut self, done: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        } else if self.lines.is_due(Instant::now()) {
            let elapsed = self.started.elapsed();
            eprintln!("{}", line(self.what, done, self.total, elapsed));
        }
    }

    /// No more will be done.
    pub(super) fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How many a second, without a fraction. A bar that cannot be written to is no matter.
#[cfg(feature = "seed")]
fn rate(state: &indicatif::ProgressState, bar: &mut dyn std::fmt::Write) {
    let _ = write!(bar, "{:.0}", state.per_sec());
}

/// When the last line was said.
#[derive(Debug)]
struct Lines {
    last: Instant,
}

impl Lines {
    const fn since(start: Instant) -> Self {
        Self { last: start }
    }

    /// Whether it is time for one; if so it counts as said.
    fn is_due(&mut self, now: Instant) -> bool {
        let due = now.saturating_duration_since(self.last) >= PAUSE;
        if due {
            self.last = now;
        }
        due
    }
}

/// `sessions: 120,000 of 1,000,000, 14,000 a second, 1 min 02 s left`.
fn line(what: &str, done: u64, total: u64, elapsed: Duration) -> String {
    let millis = u64::try_from(elapsed.as_millis())
        .unwrap_or(u64::MAX)
        .max(1);
    let rate = done.saturating_mul(1_000) / millis;
    let left = total.saturating_sub(done).saturating_mul(millis) / done.max(1);
    format!(
        "{what}: {} of {}, {} a second, {} left",
        grouped(done),
        grouped(total),
        grouped(rate),
        spoken(Duration::from_millis(left)),
    )
}

/// A number with a comma between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_is_done_how_fast_and_how_long_the_rest_takes() {
        assert_eq!(
            line("sessions", 120_000, 1_000_000, Duration::from_secs(8)),
            "sessions: 120,000 of 1,000,000, 15,000 a second, 58.6 s left"
        );
        let begun = line("sessions", 0, 10, Duration::ZERO);
        assert_eq!(begun, "sessions: 0 of 10, 0 a second, 0.0 s left");
    }

    #[test]
    fn lines_are_said_every_few_seconds_and_no_oftener() {
        let start = Instant::now();
        let mut lines = Lines::since(start);
        assert!(!lines.is_due(start + PAUSE / 2));
        assert!(lines.is_due(start + PAUSE));
        assert!(!lines.is_due(start + PAUSE + PAUSE / 2));
        assert!(lines.is_due(start + PAUSE + PAUSE));
    }

    #[test]
    fn thousands_are_told_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
