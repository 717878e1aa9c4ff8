//! The configuration as a whole: every fault of it.

use super::finding::Finding;
use crate::config::{ConfigError, Keys, Mode};

const CHECK: &str = "configuration";

/// The faults, but for those that another check tells of by its own words.
pub(super) fn judge(mode: Mode, error: Option<&ConfigError>, told: &[&str]) -> Vec<Finding> {
    let faults = error.map_or(&[][..], ConfigError::faults);
    let findings: Vec<Finding> = faults
        .iter()
        .filter(|fault| !told.contains(&fault.name.as_str()))
        .map(|fault| {
            let said = format!("{} {}", fault.name, fault.message);
            Finding::failure(CHECK, said, fix_of(&fault.name, &fault.message))
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

fn fix_of(name: &str, message: &str) -> String {
    let is_secret = Keys::NEEDED.contains(&name);
    let is_missing = message.starts_with("must be set");
    match (is_missing, is_secret) {
        (true, true) => format!("set {name} to a value made by: openssl rand -base64 48"),
        (true, false) => format!("set {name}, as .env.example shows it"),
        (false, _) => format!("change {name} so, or take it away where nothing needs it"),
    }
}
