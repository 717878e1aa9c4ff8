//! Who makes a model.

use std::sync::LazyLock;

/// Makers and the beginnings of their models, in lower case, longest first.
static BEGINNINGS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let mut beginnings: Vec<(&str, &str)> = include_str!("../../../data/device_makers.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(maker, list)| list.split(", ").map(move |beginning| (beginning, maker)))
        .collect();
    beginnings.sort_by_key(|(beginning, _)| std::cmp::Reverse(beginning.len()));
    beginnings
});

/// The maker of a model, if its numbering is known.
pub(super) fn of(model: &str) -> Option<&'static str> {
    let lower = model.to_lowercase();
    BEGINNINGS
        .iter()
        .find(|(beginning, _)| lower.starts_with(beginning))
        .map(|(_, maker)| *maker)
        .or_else(|| is_xiaomi_number(&lower).then_some("Xiaomi"))
}

/// Xiaomi's numbers since 2021: year, month and more digits, then letters: 2201116SG, 23021RAAEG.
fn is_xiaomi_number(model: &str) -> bool {
    let digits = model.bytes().take_while(u8::is_ascii_digit).count();
    (9..=12).contains(&model.len())
        && model.starts_with('2')
        && digits >= 4
        && digits < model.len()
        && model.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_told_by_how_a_model_begins() {
        for (model, maker) in [
            ("SM-S921B", Some("Samsung")),
            ("Pixel 9 Pro", Some("Google")),
            ("iPhone", Some("Apple")),
            ("Mac", Some("Apple")),
            ("PlayStation 5", Some("Sony")),
            ("Xbox", Some("Microsoft")),
            ("23021RAAEG", Some("Xiaomi")),
            ("Redmi Note 9 Pro", Some("Xiaomi")),
            ("CPH2205", Some("OPPO")),
            ("moto g(7) power", Some("Motorola")),
            ("AFTT", Some("Amazon")),
            ("KFTRWI", Some("Amazon")),
            ("2201", None),
            ("Unheard-of 7", None),
        ] {
            assert_eq!(of(model), maker, "{model}");
        }
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = include_str!("../../../data/device_makers.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let (maker, list) = line.split_once(": ").unwrap();
            assert!(!maker.is_empty());
            for beginning in list.split(", ") {
                assert!(beginning.trim_start().len() > 1, "{line}");
                assert_eq!(beginning, beginning.to_lowercase(), "{line}");
            }
        }
    }
}
