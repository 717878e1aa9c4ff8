//! The built server: which of the two builds a task is to take, and where it is.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::shell;

/// How the server was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As it is shipped.
    Release,
    /// As it is while one works on it.
    Debug,
}

impl Profile {
    /// The folder of the target folder that it is built into.
    fn folder(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }

    /// What builds it.
    fn command(self) -> &'static str {
        match self {
            Self::Release => "cargo build --release",
            Self::Debug => "cargo build",
        }
    }
}

/// The profile that the arguments of a task choose: the release, or with `--debug` the other.
pub(crate) fn profile(task: &str, arguments: &[String]) -> Result<Profile, Failure> {
    match arguments {
        [] => Ok(Profile::Release),
        [flag] if flag == "--debug" => Ok(Profile::Debug),
        _ => Err(Failure::usage(format!(
            "say `cargo xtask {task}` or add `--debug`"
        ))),
    }
}

/// Where the server is; building it is not the job of a task that calls it.
pub(crate) fn server(profile: Profile) -> Result<PathBuf, Failure> {
    let target = shell::metadata()?.target_directory;
    let binary = target
        .join(profile.folder())
        .join("kogents")
        .into_std_path_buf();
    if binary.is_file() {
        return Ok(binary);
    }
    Err(Failure::new(format!(
        "{} is missing; run `{}` first",
        binary.display(),
        profile.command()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_taken_unless_the_other_is_asked_for() {
        assert_eq!(profile("journey", &[]).unwrap(), Profile::Release);
        assert_eq!(
            profile("journey", &["--debug".to_owned()]).unwrap(),
            Profile::Debug
        );
    }

    #[test]
    fn what_is_not_understood_is_a_usage_error_that_names_the_task() {
        for wrong in [
            vec!["--fast".to_owned()],
            vec!["--debug".to_owned(), "more".to_owned()],
        ] {
            let failure = profile("journey", &wrong).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(failure.to_string().contains("cargo xtask journey"));
        }
    }
}
