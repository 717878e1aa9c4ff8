//! How a task fails: one line for the user and an exit code.

use std::fmt;

/// What every task returns.
pub(crate) type Outcome = Result<(), Failure>;

/// Why a task did not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    /// The task ran and failed: exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 1,
        }
    }

    /// The task was asked for wrongly: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 2,
        }
    }

    /// The task was ended by a signal; the exit code is the one by which shells tell which.
    pub(crate) fn interrupted(exit_code: u8) -> Self {
        Self {
            message: "interrupted".to_owned(),
            exit_code,
        }
    }

    /// The exit code of the process.
    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}
