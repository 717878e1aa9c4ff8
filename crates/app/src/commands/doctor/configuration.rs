//! The configuration as a whole: every fault of it.

use super::finding::Finding;
use crate::config::{ConfigError, Mode};

const CHECK: &str = "configuration";

/// The faults, but for those that another check tells of by its own words.
pub(super) fn judge(mode: Mode, error: Option<&ConfigError>, told: &[&str]) -> Vec<Finding> {
    let faults = error.map_or(&[][..], ConfigError::faults);
    let findings: Vec<Finding> = faults
        .iter()
        .filter(|fault| !told.contains(&fault.name.as_str()))
        .map(|fault| {
            let said = format!("{} {}", fault.name, fault.message);
            let fix = format!("set {} so, or take it away", fault.name);
            Finding::failure(CHECK, said, fix)
        })
        .collect();
    if !findings.is_empty() {
        return findings;
    }
    let mode = match mode {
        Mode::Development => "development",
        Mode::Production => "production",
    };
    let said = format!("every variable can be read; the server runs for {mode}");
    vec![Finding::ok(CHECK, said)]
}
