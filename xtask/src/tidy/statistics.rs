//! How long the files are: information, not a rule. Short files are an aim of the design.

use super::source::Source;
use super::{places, production};

/// One line about the lengths of the production files.
pub(super) fn of(sources: &[Source]) -> String {
    let lengths = sources
        .iter()
        .filter(|source| source.is_rust() && places::is_ours(source.path()))
        .filter(|source| !places::is_test(source.path()))
        .map(production::line_count)
        .collect();
    describe(lengths)
}

fn describe(mut lengths: Vec<usize>) -> String {
    lengths.sort_unstable();
    format!(
        "{} production files, lines: median {}, ninth decile {}, longest {}",
        lengths.len(),
        at_tenths(&lengths, 5),
        at_tenths(&lengths, 9),
        lengths.last().copied().unwrap_or(0),
    )
}

/// The value below which so many tenths of a sorted list lie.
fn at_tenths(sorted: &[usize], tenths: usize) -> usize {
    let rank = (sorted.len() * tenths).div_ceil(10).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_ninth_decile_are_values_of_the_list() {
        let line = describe(vec![90, 10, 20, 30, 40, 50, 60, 70, 80, 100]);
        assert_eq!(
            line,
            "10 production files, lines: median 50, ninth decile 90, longest 100"
        );
    }

    #[test]
    fn no_files_are_no_trouble() {
        let line = describe(Vec::new());
        assert_eq!(
            line,
            "0 production files, lines: median 0, ninth decile 0, longest 0"
        );
    }
}
