//! `cargo xtask quickstart [--debug]`: does what the quick start of README.md says, against the
//! built server, in a folder of its own.

mod bash;
mod readme;

use std::fs;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::server::{Server, Settings};
use crate::timing::spoken;
use crate::{built, shell};

/// How long one part of the quick start may take.
const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// Walks the quick start, restarts the server on the same data, and walks what follows.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let profile = built::profile("quickstart", arguments)?;
    let readme = fs::read_to_string(shell::root().join("README.md"))
        .map_err(|error| Failure::new(format!("README.md cannot be read: {error}")))?;
    let first = readme::script(&readme, "quickstart")?;
    let second = readme::script(&readme, "quickstart:after-restart")?;
    let binary = built::server(profile)?;
    let folder = Folder::create("kogents-quickstart")?;
    let settings = Settings::default();
    let started = Instant::now();

    let mut server = Server::start(&binary, &folder, &settings)?;
    server.explain(bash::run(&first, server.work(), SCRIPT_LIMIT))?;
    server.stop()?;

    println!("==> the server was stopped and starts again on the same data");
    let mut server = Server::start(&binary, &folder, &settings)?;
    server.explain(bash::run(&second, server.work(), SCRIPT_LIMIT))?;
    server.stop()?;

    println!(
        "the quick start of README.md works ({})",
        spoken(started.elapsed())
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_flags_are_refused() {
        assert_eq!(run(&["--fast".to_owned()]).unwrap_err().exit_code(), 2);
    }
}
