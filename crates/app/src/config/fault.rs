//! What is wrong with a configuration: every fault, by variable, never a value.

use std::fmt;

/// One thing wrong with one variable. It never carries the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The variable, or the file it stands in.
    pub name: String,
    /// What it must be: "must be a whole number from 1 to 65535".
    pub message: String,
}

impl Fault {
    pub(super) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            message: message.into(),
        }
    }
}

/// A configuration that cannot be started on: all its faults, in the order they were found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    faults: Vec<Fault>,
    about_secrets: bool,
}

impl ConfigError {
    pub(super) const fn new(faults: Vec<Fault>, about_secrets: bool) -> Self {
        Self {
            faults,
            about_secrets,
        }
    }

    /// The faults.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.len() {
            1 => f.write_str("the configuration has 1 fault:")?,
            count => write!(f, "the configuration has {count} faults:")?,
        }
        for fault in &self.faults {
            write!(f, "\n  {} {}", fault.name, fault.message)?;
        }
        if self.about_secrets {
            f.write_str("\nMake a new value for each secret with: openssl rand -base64 48")?;
        }
        Ok(())
    }
}
