//! Rule: time, ids and randomness are ports; only the adapter that implements them asks the
//! system. The domain and the use cases do not measure either.

use super::finding::Finding;
use super::source::Source;
use super::{places, production};

/// Calls that only `adapter-crypto` may make.
const AMBIENT: &[&str] = &[
    "SystemTime::now",
    "OffsetDateTime::now_utc",
    "UtcDateTime::now",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "SystemRandom::new",
];

/// The call that measures, which the outer crates may make.
const MEASURING: &str = "Instant::now";

/// Finds such calls in production code.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let path = source.path();
    if may_ask(path) {
        return Vec::new();
    }
    let measuring = if may_measure(path) {
        None
    } else {
        Some(MEASURING)
    };
    let production = production::line_count(source);
    source
        .code_lines()
        .take(production)
        .filter_map(|(line, code)| {
            let call = AMBIENT
                .iter()
                .copied()
                .chain(measuring)
                .find(|&call| code.contains(call))?;
            let message =
                format!("`{call}`: time, ids and randomness are ports, take them as such");
            Some(Finding::new(path, line, message))
        })
        .collect()
}

fn may_ask(path: &str) -> bool {
    path.starts_with("crates/adapter-crypto/")
        || places::is_tooling(path)
        || places::is_test(path)
        || !places::is_ours(path)
}

fn may_measure(path: &str) -> bool {
    path.starts_with("crates/http/")
        || path.starts_with("crates/app/")
        || path.starts_with("crates/adapter-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn ambient_calls_are_found_outside_their_adapter() {
        let text = "SystemTime::now();\nUuid::now_v7();\nUuid::new_v4();\n";
        assert_eq!(count("crates/http/src/a.rs", text), 3);
        assert_eq!(count("crates/adapter-memory/src/a.rs", text), 3);
        assert_eq!(count("crates/adapter-crypto/src/clock.rs", text), 0);
        assert_eq!(count("crates/testkit/src/names.rs", text), 0);
    }

    #[test]
    fn only_the_outer_crates_measure() {
        let text = "let started = Instant::now();\n";
        assert_eq!(count("crates/domain/src/a.rs", text), 1);
        assert_eq!(count("crates/usecases/src/a.rs", text), 1);
        assert_eq!(count("crates/http/src/a.rs", text), 0);
        assert_eq!(count("crates/app/src/a.rs", text), 0);
        assert_eq!(count("crates/adapter-smtp/src/a.rs", text), 0);
    }

    #[test]
    fn tests_and_prose_are_left_alone() {
        let text = "// SystemTime::now\n#[cfg(test)]\nmod tests {\nSystemTime::now();\n}\n";
        assert_eq!(count("crates/http/src/a.rs", text), 0);
        assert_eq!(
            count("crates/http/tests/it/a.rs", "SystemTime::now();\n"),
            0
        );
    }
}
