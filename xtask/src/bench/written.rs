//! Figures as a person reads them.

/// What stands where there is no figure.
pub(super) const NONE: &str = "–";

/// Three figures that count, with commas between thousands: `18,432`, `70.4`, `0.058`.
pub(super) fn figure(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    grouped(&format!("{value:.digits$}"))
}

/// The same, or a dash.
pub(super) fn maybe(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), figure)
}

/// A ratio, by the hundredth.
pub(super) fn ratio(value: f64) -> String {
    format!("{value:.2}")
}

/// Puts commas between the thousands of a written number.
fn grouped(number: &str) -> String {
    let (whole, rest) = match number.split_once('.') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (number, None),
    };
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(index);
        if index > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(rest) = rest {
        text.push('.');
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_what_counts() {
        for (value, text) in [
            (18_431.6, "18,432"),
            (1_234_567.0, "1,234,567"),
            (999.6, "1,000"),
            (70.44, "70.4"),
            (4.126, "4.13"),
            (0.0579, "0.058"),
            (0.0, "0.000"),
            (-1_234.0, "-1,234"),
            (-123.0, "-123"),
        ] {
            assert_eq!(figure(value), text);
        }
        assert_eq!(maybe(None), "–");
        assert_eq!(ratio(0.904), "0.90");
    }
}
