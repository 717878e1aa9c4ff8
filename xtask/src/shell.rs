//! Other programs: cargo, git, and the environment that tasks look at.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Failure, Outcome};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// A variable of the environment; an empty one counts as absent.
#[expect(
    clippy::disallowed_methods,
    reason = "a task is steered by its environment; it has no configuration"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether this runs on a machine that checks changes (`CI=true`).
pub(crate) fn is_ci() -> bool {
    variable("CI").is_some_and(|value| value == "true" || value == "1")
}

/// `cargo` with these arguments, at the root of the workspace.
///
/// What the outer `cargo run` set for this process is removed: build scripts that watch such
/// variables would otherwise run again whenever cargo is started from here.
pub(crate) fn cargo<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<str>,
{
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for argument in arguments {
        command.arg(argument.as_ref());
    }
    for name in inherited_from_cargo_run() {
        command.env_remove(name);
    }
    command
}

/// This program once more. Where the system has it, by the link that still works when the file has
/// been built anew meanwhile.
pub(crate) fn ourselves() -> Command {
    let link = Path::new("/proc/self/exe");
    let program = if link.exists() {
        link.to_path_buf()
    } else {
        std::env::current_exe().unwrap_or_else(|_| PathBuf::from("xtask"))
    };
    let mut command = Command::new(program);
    command.arg0("xtask");
    command
}

/// Becomes a build of this program that has a feature, optimised, to run a task of it; comes back
/// only when that cannot be.
#[cfg(not(all(feature = "bench", feature = "seed")))]
pub(crate) fn become_with(feature: &str, task: &str, arguments: &[String]) -> Failure {
    let build = ["run", "--quiet", "--release", "-p", "xtask"];
    let feature = ["--features", feature, "--", task];
    let mut command = cargo(build.into_iter().chain(feature));
    command.args(arguments);
    // Relative paths are the caller's.
    if let Ok(folder) = std::env::current_dir() {
        command.current_dir(folder);
    }
    cannot_start("cargo run", &command.exec())
}

/// Runs a command to its end, its output going where ours goes.
pub(crate) fn run(command: &mut Command, what: &str) -> Outcome {
    judge(command.status(), what)
}

/// The outcome of a command that ran to its end.
pub(crate) fn judge(status: std::io::Result<ExitStatus>, what: &str) -> Outcome {
    let status = status.map_err(|error| cannot_start(what, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{what} failed ({status})")))
    }
}

/// Runs a command to its end and returns what it printed; its errors go where ours go.
pub(crate) fn output(command: &mut Command, what: &str) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cannot_start(what, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{what} failed ({})", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("{what} printed something that is not UTF-8")))
}

/// Whether a command runs and succeeds, silently.
pub(crate) fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The workspace as cargo describes it, without its foreign dependencies.
pub(crate) fn metadata() -> Result<cargo_metadata::Metadata, Failure> {
    cargo_metadata::MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .map_err(|error| Failure::new(format!("cargo metadata failed: {error}")))
}

/// The names of the variables that `cargo run` sets for the program it runs.
#[expect(
    clippy::disallowed_methods,
    reason = "a task is steered by its environment; it has no configuration"
)]
fn inherited_from_cargo_run() -> Vec<OsString> {
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_str().is_some_and(is_set_by_cargo_run))
        .collect()
}

fn is_set_by_cargo_run(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(
            name,
            "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR"
        )
}

/// A program that is missing, or may not be run.
pub(crate) fn cannot_start(what: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{what} could not be started: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.toml").is_file());
        assert!(root().join("xtask").is_dir());
    }

    #[test]
    fn only_what_cargo_run_set_is_removed() {
        assert!(is_set_by_cargo_run("CARGO_PKG_NAME"));
        assert!(is_set_by_cargo_run("CARGO_MANIFEST_DIR"));
        assert!(!is_set_by_cargo_run("CARGO_TARGET_DIR"));
        assert!(!is_set_by_cargo_run("CARGO_HOME"));
        assert!(!is_set_by_cargo_run("PATH"));
    }

    #[test]
    fn a_failing_program_is_named() {
        let failure = run(&mut Command::new("false"), "the check").unwrap_err();
        assert!(failure.to_string().starts_with("the check failed"));
        let failure = output(&mut Command::new("/nonexistent/program"), "the program").unwrap_err();
        assert!(
            failure
                .to_string()
                .starts_with("the program could not be started")
        );
    }
}
