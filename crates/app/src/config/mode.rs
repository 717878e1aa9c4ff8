//! Development or production.

use super::parse::choice;
use super::reader::Reader;

/// What the server is run for. It decides defaults, and how strict the start is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// On a developer's computer: nothing needs to be set.
    Development,
    /// For others: nothing is guessed.
    Production,
}

impl Mode {
    /// Whether this is production.
    #[must_use]
    pub const fn is_production(self) -> bool {
        match self {
            Self::Production => true,
            Self::Development => false,
        }
    }
}

/// Production when either of the two names says so, so that nobody runs it half in development.
pub(super) fn read(reader: &mut Reader<'_>) -> Mode {
    let modes = [
        ("development", Mode::Development),
        ("production", Mode::Production),
    ];
    let app = reader.optional("APP_ENV", choice(&modes));
    let node = reader.optional("NODE_ENV", choice(&modes));
    if [app, node].contains(&Some(Mode::Production)) {
        Mode::Production
    } else {
        Mode::Development
    }
}
