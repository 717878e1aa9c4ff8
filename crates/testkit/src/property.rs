//! Tries a property of a parser on committed and on generated input.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::corpus::Corpus;

/// How many inputs are generated.
const GENERATED: u32 = 512;

/// Runs the property on every committed input of a parser, then on generated ones: octets, texts,
/// and committed inputs with changes.
///
/// # Panics
/// When it does not hold, with the names of the files, or the smallest input found.
pub fn holds(parser: &str, property: impl Fn(&[u8])) {
    let corpus = Corpus::of(parser);
    let failed: Vec<&str> = corpus
        .iter()
        .filter(|(_, input)| catch_unwind(AssertUnwindSafe(|| property(input))).is_err())
        .map(|(name, _)| name)
        .collect();
    assert!(failed.is_empty(), "corpus/{parser}: {failed:?}");

    let octets = prop::collection::vec(any::<u8>(), 0..256);
    let texts = any::<String>().prop_map(String::into_bytes);
    let changed = any::<u64>().prop_map(move |seed| corpus.mutated(seed));
    let inputs = prop_oneof![1 => octets, 1 => texts, 3 => changed];
    let config = Config {
        cases: GENERATED,
        // An input worth keeping gets a name in the corpus.
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&inputs, |input| {
        property(&input);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{parser}: {failure}");
    }
}
