//! `cargo xtask quickstart [--debug]`: does what the quick start of README.md says, against the
//! built server, in a folder of its own.

mod bash;
mod readme;
mod server;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::shell;
use crate::timing::spoken;
use server::Server;

/// How long one part of the quick start may take.
const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// Walks the quick start, restarts the server on the same data, and walks what follows.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let profile = match arguments {
        [] => "release",
        [flag] if flag == "--debug" => "debug",
        _ => {
            return Err(Failure::usage(
                "say `cargo xtask quickstart` or add `--debug`",
            ));
        }
    };
    let readme = fs::read_to_string(shell::root().join("README.md"))
        .map_err(|error| Failure::new(format!("README.md cannot be read: {error}")))?;
    let first = readme::script(&readme, "quickstart")?;
    let second = readme::script(&readme, "quickstart:after-restart")?;
    let binary = binary(profile)?;
    let folder = Folder::create("kogents-quickstart")?;
    folder.subfolder("work")?;
    let started = Instant::now();

    let mut server = Server::start(&binary, &folder)?;
    server.explain(bash::run(&first, &folder.path("work"), SCRIPT_LIMIT))?;
    server.stop()?;

    println!("==> the server was stopped and starts again on the same data");
    let mut server = Server::start(&binary, &folder)?;
    server.explain(bash::run(&second, &folder.path("work"), SCRIPT_LIMIT))?;
    server.stop()?;

    println!(
        "the quick start of README.md works ({})",
        spoken(started.elapsed())
    );
    Ok(())
}

/// The built server; building it is not the job of this task.
fn binary(profile: &str) -> Result<PathBuf, Failure> {
    let target = shell::metadata()?.target_directory;
    let binary = target.join(profile).join("kogents").into_std_path_buf();
    if binary.is_file() {
        return Ok(binary);
    }
    let build = if profile == "release" {
        "cargo build --release"
    } else {
        "cargo build"
    };
    Err(Failure::new(format!(
        "{} is missing; run `{build}` first",
        binary.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_flags_are_refused() {
        assert_eq!(run(&["--fast".to_owned()]).unwrap_err().exit_code(), 2);
    }
}
