//! The colours of a letter, chosen so that what is written on them can be read.

use kogents_domain::workspace::Colour;
use minijinja::{Value, context};

/// The product's colour.
const PRODUCT: &str = "#1f5fbf";
const WHITE: &str = "#ffffff";
const BLACK: &str = "#000000";
/// The edge of a button whose colour can hardly be told from the paper.
const EDGE: &str = "#767676";
/// The contrast that the edge of a control needs (WCAG 2.1, 1.4.11).
const CONTROL: f64 = 3.0;

/// The colours as templates see them: `colour`, `on_colour` for what is written on it, and `edge`.
pub(super) fn of(colour: Option<&Colour>) -> Value {
    let colour = colour.map_or(PRODUCT, Colour::as_str);
    context! { colour, on_colour => text_on(colour), edge => edge_of(colour) }
}

/// Black or white, whichever has the greater contrast to `colour`: always at least 4.5, as WCAG 2.1
/// asks of text (1.4.3).
fn text_on(colour: &str) -> &'static str {
    if contrast(colour, WHITE) >= contrast(colour, BLACK) {
        WHITE
    } else {
        BLACK
    }
}

/// The colour itself where it stands out from the white that letters are written on.
fn edge_of(colour: &str) -> &str {
    if contrast(colour, WHITE) < CONTROL {
        EDGE
    } else {
        colour
    }
}

/// The contrast ratio of two colours, 1 to 21 (WCAG 2.1).
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.1).
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let digits = colour.get(from..from + 2).unwrap_or_default();
        // A `Colour` has nothing but digits.
        let share = f64::from(u8::from_str_radix(digits, 16).unwrap_or(0)) / 255.0;
        if share <= 0.03928 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_those_of_wcag() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.0),
            ("#0000ff", "#ffffff", 8.59),
            ("#ffff00", "#ffffff", 1.07),
        ] {
            let found = contrast(one, other);
            assert!((found - expected).abs() < 0.01, "{one} {other}: {found}");
        }
    }

    #[test]
    fn buttons_are_written_on_in_what_can_be_read() {
        for (colour, text) in [
            (PRODUCT, WHITE),
            ("#000000", WHITE),
            ("#0b3d2e", WHITE),
            ("#737373", WHITE),
            ("#ff0000", BLACK),
            ("#ffe08a", BLACK),
            ("#ffffff", BLACK),
        ] {
            assert_eq!(text_on(colour), text, "{colour}");
        }
        for grey in 0..=255_u8 {
            let colour = format!("#{grey:02x}{grey:02x}{grey:02x}");
            assert!(contrast(&colour, text_on(&colour)) >= 4.5, "{colour}");
        }
    }

    #[test]
    fn a_pale_button_has_an_edge_that_is_seen() {
        assert_eq!(edge_of("#ffe08a"), EDGE);
        assert_eq!(edge_of("#ffffff"), EDGE);
        assert_eq!(edge_of(PRODUCT), PRODUCT);
        assert!(contrast(EDGE, WHITE) >= CONTROL);
    }
}
