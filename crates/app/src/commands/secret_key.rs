//! `kogents secret-key`: the `SECRET_KEY` in force, for whoever is about to change the key that it
//! is derived from.

use std::path::Path;

use super::output::print_line;
use crate::config::{Config, Source};
use crate::failure::Failure;
use crate::keys;

/// Prints it, so that it can be set before `REDIS_ENCRYPTION_KEY` changes. Set to what is printed
/// it changes nothing; left to be derived from another key, all sessions would end.
pub(crate) fn print() -> Result<(), Failure> {
    let config = Config::read(&Source::system(Path::new(".")))?;
    if !config.keys.are_complete() {
        return Err(Failure::Setup {
            part: "SECRET_KEY",
            reason: "it is derived from secrets that are not set: this is for servers that do not \
                     generate theirs"
                .to_owned(),
        });
    }
    let keys = keys::resolve(&config.keys, None)?;
    print_line(keys.material.effective_secret_key().expose())
}
