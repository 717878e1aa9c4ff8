//! What a secret must be in production: there, long, nobody's sample, and used once.

use kogents_domain::secret::SecretText;

use super::reader::Reader;

/// A variable and what it holds.
type Named<'a> = (&'static str, &'a Option<SecretText>);

const MIN_BYTES: usize = 32;
const MIN_DISTINCT_CHARACTERS: usize = 8;

/// Words of samples and of careless choices. The chance that a random secret holds one is below
/// one in a million.
const SAMPLE_WORDS: [&str; 9] = [
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "password",
    "example",
    "your-",
    "your_",
    "sample",
];

/// Adds a fault for every secret that may not be used.
pub(super) fn check(reader: &mut Reader<'_>, required: &[Named<'_>], optional: &[Named<'_>]) {
    for (name, secret) in required {
        if secret.is_none() {
            // A variable that is set and unreadable has its own fault already.
            reader.secret_fault(name, "must be set in production");
        }
    }
    for (name, message) in weaknesses(required.iter().chain(optional)) {
        reader.secret_fault(name, message);
    }
}

/// What is wrong with secrets that are set, by their variables.
pub(super) fn weaknesses<'a>(
    secrets: impl Iterator<Item = &'a Named<'a>>,
) -> Vec<(&'static str, String)> {
    let set: Vec<(&'static str, &str)> = secrets
        .filter_map(|(name, secret)| Some((*name, secret.as_ref()?.expose())))
        .collect();
    let mut found = Vec::new();
    for (index, (name, value)) in set.iter().enumerate() {
        let same = set.iter().take(index).find(|(_, other)| other == value);
        let message = fault_of(value)
            .or_else(|| same.map(|(other, _)| format!("must have another value than {other}")));
        found.extend(message.map(|message| (*name, message)));
    }
    found
}

fn fault_of(value: &str) -> Option<String> {
    if value.len() < MIN_BYTES {
        Some(format!("must be at least {MIN_BYTES} bytes long"))
    } else if is_sample(value) {
        Some("must be a value of your own, not a sample".to_owned())
    } else if is_repetitive(value) {
        Some("must be random, not a few characters repeated".to_owned())
    } else {
        None
    }
}

fn is_sample(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    SAMPLE_WORDS.iter().any(|word| value.contains(word))
}

/// Whether a text is one piece written several times, or made of very few characters.
fn is_repetitive(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut distinct = bytes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let repeats = |period: usize| {
        bytes
            .iter()
            .zip(bytes.iter().skip(period))
            .all(|(a, b)| a == b)
    };
    distinct.len() < MIN_DISTINCT_CHARACTERS || (1..=bytes.len() / 2).any(repeats)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../../.env.example");

    #[test]
    fn s31_random_secrets_are_taken() {
        for good in [
            "n8Jp0Hq1bTz5vXw3YcRk7LmSdFgA2eUo9iPNQhKVtMxB4CyWjEZrGfDa6sOl+/I=",
            "3f1c9a7e5b2d8f604c1e9b7a3d5f2c8e",
        ] {
            assert_eq!(fault_of(good), None, "{good}");
        }
    }

    #[test]
    fn s31_short_sample_and_repeated_secrets_are_not() {
        for bad in [
            "n8Jp0Hq1bTz5vXw3YcRk7LmSdFgA2eU",
            "changeme-changeme-1234567890-abcdef",
            "my-super-SECRET-jwt-key-0123456789-xyz",
            "your-32-byte-key-goes-here-0123456789",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnopabcdefghijklmnop",
            "01010101110101010101010101110101",
        ] {
            assert!(fault_of(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn s31_no_value_of_the_example_file_is_taken() {
        let samples: Vec<&str> = EXAMPLE
            .lines()
            .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
            .filter(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .filter(|(name, _)| name.contains("SECRET") || name.contains("ENCRYPTION"))
            .map(|(_, value)| value)
            .collect();
        assert!(samples.len() >= 8, "{samples:?}");
        for sample in samples {
            assert!(fault_of(sample).is_some(), "{sample}");
        }
    }
}
