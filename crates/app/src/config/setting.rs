//! One variable as it was read: its value, and where that came from.

use std::path::PathBuf;

/// One variable as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// What it is.
    pub value: SettingValue,
    /// Where that came from.
    pub origin: Origin,
}

/// A value. A secret never carries itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// As it was understood.
    Told(String),
    /// A secret that is set.
    Secret,
    /// There is none, and none is needed.
    NotSet,
    /// It is wrong, as a fault says.
    Wrong,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The environment of the process.
    Environment,
    /// The file `.env` in the working folder.
    DotEnv,
    /// The file that `NAME_FILE` names.
    File(PathBuf),
}
