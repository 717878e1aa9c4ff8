//! Request bodies.

mod json;

use super::text;
use json::Verdict;

/// A refusal: its status, its code, and how many fields it names.
pub type Refusal = (u16, &'static str, usize);

/// A body is taken when a second reading of RFC 8259 and of the contract's limits takes it; what
/// is refused is a 4xx, and names fields when it is about fields. `read` says whether the octets
/// are one object within the limits, and what the readers of all routes have against them.
///
/// # Panics
/// When that does not hold.
pub fn body(input: &[u8], read: impl Fn(&[u8]) -> (bool, Vec<Refusal>)) {
    let (is_object, refusals) = read(input);
    match json::judge(input) {
        Verdict::Object => assert!(is_object, "{:?} is refused", text(input)),
        Verdict::Refused => assert!(!is_object, "{:?} is taken", text(input)),
        Verdict::EdgeOfNumbers => {}
    }
    if !is_object {
        assert_eq!(refusals, [(400, "malformed_json", 0)]);
    }
    for (status, code, fields) in &refusals {
        assert!(
            (400..500).contains(status),
            "{status} for {:?}",
            text(input)
        );
        assert_eq!(*code == "validation_failed", *fields > 0, "{code}");
    }
}
