//! The median of some figures, with the least and the most of them.

/// What there is to say of some figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// The middle one, or the mean of the two in the middle.
    pub(super) median: f64,
    /// The smallest.
    pub(super) least: f64,
    /// The largest.
    pub(super) most: f64,
}

impl Spread {
    /// Of these figures; nothing of none.
    pub(super) fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let half = sorted.len() / 2;
        let upper = *sorted.get(half)?;
        let median = if sorted.len().is_multiple_of(2) {
            f64::midpoint(*sorted.get(half.checked_sub(1)?)?, upper)
        } else {
            upper
        };
        Some(Self {
            median,
            least: *sorted.first()?,
            most: *sorted.last()?,
        })
    }
}

/// The median alone.
pub(super) fn median(figures: impl IntoIterator<Item = f64>) -> Option<f64> {
    Spread::of(figures).map(|spread| spread.median)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        let spread = Spread::of([0.9, 0.7, 0.8, 1.0, 0.1]).unwrap();
        let expected = Spread {
            median: 0.8,
            least: 0.1,
            most: 1.0,
        };
        assert_eq!(spread, expected);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([7.0]), Some(7.0));
    }

    #[test]
    fn of_nothing_there_is_nothing_to_say() {
        assert_eq!(Spread::of([]), None);
    }
}
