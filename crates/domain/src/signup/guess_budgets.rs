//! How many wrong guesses at its codes an address has, over all its signups.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::limits::Limit;

/// One to four budgets of wrong guesses, of which each counts every wrong guess. A budget allows
/// its quota within its window, which opens at the first wrong guess; a quota that is used up
/// comes back as a whole when the window ends. An address is locked while any budget is used up.
///
/// Each has another window, and the longest goes first: of two with the same window the larger
/// could never lock, so only the smaller is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuessBudgets {
    longest: Limit,
    shorter: [Option<Limit>; 3],
}

impl GuessBudgets {
    /// A single budget.
    #[must_use]
    pub const fn one(budget: Limit) -> Self {
        Self {
            longest: budget,
            shorter: [None; 3],
        }
    }

    /// Budgets that all hold, in any order; None when there is none, or more than four.
    #[must_use]
    pub fn of(budgets: &[Limit]) -> Option<Self> {
        let mut sorted = budgets.to_vec();
        sorted.sort_by_key(|budget| (Reverse(budget.window()), budget.quota()));
        sorted.dedup_by_key(|budget| budget.window());
        let mut sorted = sorted.into_iter();
        let read = Self {
            longest: sorted.next()?,
            shorter: [sorted.next(), sorted.next(), sorted.next()],
        };
        sorted.next().is_none().then_some(read)
    }

    /// The budget with the longest window.
    #[must_use]
    pub const fn longest(&self) -> Limit {
        self.longest
    }

    /// The other ones, by falling windows.
    pub fn shorter(&self) -> impl Iterator<Item = Limit> + use<> {
        self.shorter.into_iter().flatten()
    }

    /// All of them, by falling windows.
    pub fn iter(&self) -> impl Iterator<Item = Limit> + use<> {
        std::iter::once(self.longest).chain(self.shorter())
    }

    /// What `RateLimit-Policy` calls one of them: a single one by the setting's name alone,
    /// several by their windows, too.
    #[must_use]
    pub fn name_of(&self, budget: &Limit) -> Cow<'static, str> {
        const NAME: &str = "confirm-email";
        if self.shorter().next().is_none() {
            return Cow::Borrowed(NAME);
        }
        Cow::Owned(format!("{NAME}-{}s", budget.window().as_secs_ceil()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    const fn within(quota: u32, secs: i64) -> Limit {
        Limit::new(quota, Span::from_secs(secs))
    }

    fn kept(budgets: &[Limit]) -> Vec<Limit> {
        GuessBudgets::of(budgets).unwrap().iter().collect()
    }

    #[test]
    fn the_longest_window_goes_first() {
        let (day, hour, minute) = (within(5, 86_400), within(3, 3_600), within(2, 60));
        assert_eq!(kept(&[hour, day, minute]), [day, hour, minute]);
        assert_eq!(kept(&[minute, hour, day]), [day, hour, minute]);
        assert_eq!(GuessBudgets::of(&[day]), Some(GuessBudgets::one(day)));
    }

    #[test]
    fn of_two_with_one_window_the_smaller_holds() {
        for budgets in [
            [within(5, 60), within(3, 60)],
            [within(3, 60), within(5, 60)],
        ] {
            assert_eq!(kept(&budgets), [within(3, 60)]);
        }
    }

    #[test]
    fn there_are_one_to_four() {
        assert_eq!(GuessBudgets::of(&[]), None);
        let many: Vec<Limit> = (1..=5).map(|n| within(n, i64::from(n))).collect();
        assert_eq!(GuessBudgets::of(&many), None);
        assert_eq!(kept(&many[..4]).len(), 4);
    }

    #[test]
    fn several_are_told_apart_by_their_windows() {
        let (day, hour) = (within(5, 86_400), within(3, 3_600));
        assert_eq!(GuessBudgets::one(day).name_of(&day), "confirm-email");
        let both = GuessBudgets::of(&[hour, day]).unwrap();
        assert_eq!(both.name_of(&hour), "confirm-email-3600s");
        assert_eq!(both.name_of(&day), "confirm-email-86400s");
    }
}
