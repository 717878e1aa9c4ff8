//! What the server's planner may do.
//!
//! Every statement of the repositories looks rows up by key, or reads some in the order of an
//! index. The planner would not always do so: it does not reckon with partitions being left out
//! while a statement runs, so that it takes twenty look-ups in fourteen months for hundreds and
//! would rather read the months; and a partition without statistics, as every month's new one is,
//! leads it further astray. What is switched off here is still done where nothing else can be.

/// What no statement needs: reading tables whole, keeping what was read to look into it again,
/// helpers, and compiling.
const SETTINGS: [(&str, &str); 7] = [
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("enable_material", "off"),
    ("max_parallel_workers_per_gather", "0"),
    ("jit", "off"),
];

/// The statements that say so: `how` is SET or SET LOCAL.
pub(crate) fn settings(how: &str) -> String {
    SETTINGS
        .map(|(name, value)| format!("{how} {name} = {value}"))
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_made_as_it_is_asked() {
        let statements = settings("SET LOCAL");
        assert_eq!(statements.split("; ").count(), SETTINGS.len());
        for statement in statements.split("; ") {
            assert!(statement.starts_with("SET LOCAL "), "{statement}");
        }
        assert!(statements.ends_with("; SET LOCAL jit = off"));
    }
}
