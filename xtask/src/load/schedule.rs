//! Which request is next, and when.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// The turns of one run.
#[derive(Debug)]
pub(super) struct Schedule {
    start: Instant,
    end: Instant,
    frames: u64,
    once: bool,
    rate: Option<u32>,
    given: Cell<u64>,
}

/// What one connection is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    /// Which of the requests.
    pub(super) frame: usize,
    /// When, if not at once.
    pub(super) due: Option<Instant>,
}

impl Schedule {
    /// Turns from start to end through so many requests, once or again and again, as soon as
    /// somebody is free or by the clock at so many a second.
    pub(super) fn new(
        (start, end): (Instant, Instant),
        frames: usize,
        once: bool,
        rate: Option<u32>,
    ) -> Self {
        Self {
            start,
            end,
            frames: u64::try_from(frames).unwrap_or(u64::MAX),
            once,
            rate,
            given: Cell::new(0),
        }
    }

    /// The next turn; none when it is over.
    pub(super) fn next(&self, now: Instant) -> Option<Turn> {
        let number = self.given.get();
        if self.once && number >= self.frames {
            return None;
        }
        let due = match self.rate {
            None => None,
            Some(rate) => Some(self.start.checked_add(after(number, rate)?)?),
        };
        if due.unwrap_or(now) >= self.end {
            return None;
        }
        self.given.set(number.checked_add(1)?);
        let frame = usize::try_from(number.checked_rem(self.frames)?).ok()?;
        Some(Turn { frame, due })
    }
}

/// How long after the start this one is due.
fn after(number: u64, rate: u32) -> Option<Duration> {
    let nanos = u128::from(number)
        .checked_mul(1_000_000_000)?
        .checked_div(u128::from(rate))?;
    u64::try_from(nanos).ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn schedule(frames: usize, once: bool, rate: Option<u32>) -> (Instant, Schedule) {
        let start = Instant::now();
        let schedule = Schedule::new((start, start + SECOND), frames, once, rate);
        (start, schedule)
    }

    #[test]
    fn a_closed_loop_goes_round_until_the_end() {
        let (start, schedule) = schedule(2, false, None);
        for frame in [0, 1, 0, 1] {
            assert_eq!(schedule.next(start), Some(Turn { frame, due: None }));
        }
        assert_eq!(schedule.next(start + SECOND), None);
    }

    #[test]
    fn once_is_once() {
        let (start, schedule) = schedule(3, true, None);
        let frames: Vec<usize> = std::iter::from_fn(|| schedule.next(start))
            .map(|turn| turn.frame)
            .collect();
        assert_eq!(frames, [0, 1, 2]);
    }

    #[test]
    fn an_open_loop_is_due_by_the_clock_however_late_it_is() {
        let (start, schedule) = schedule(2, false, Some(4));
        let late = start + 10 * SECOND;
        let due: Vec<Duration> = std::iter::from_fn(|| schedule.next(late))
            .filter_map(|turn| Some(turn.due? - start))
            .collect();
        let quarter = SECOND / 4;
        assert_eq!(due, [Duration::ZERO, quarter, 2 * quarter, 3 * quarter]);
    }

    #[test]
    fn every_second_has_its_number_of_requests() {
        assert_eq!(after(700, 700), Some(SECOND));
        assert_eq!(after(1, 3), Some(Duration::from_nanos(333_333_333)));
        assert_eq!(after(3_000_000_000, 3), Some(1_000_000_000 * SECOND));
    }
}
