//! Packages for Node in this repository: what they need is fetched, and their scripts are run.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::{interrupt, shell};

/// The oldest release of Node that will do.
const OLDEST: u32 = 20;

/// A variable of a module's environment.
pub(crate) type Variable<'a> = (&'a str, &'a OsStr);

/// A folder with a package that has what it needs.
#[derive(Debug)]
pub(crate) struct Package {
    folder: PathBuf,
}

impl Package {
    /// Fetches exactly what the lock file of a package names; its folder is given from the root.
    pub(crate) fn prepare(folder: &str) -> Result<Self, Failure> {
        node_is_new_enough(&version("node")?)?;
        version("npm")?;
        let package = Self {
            folder: shell::root().join(folder),
        };
        let mut command = package.npm(&["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        interrupt::run(&mut command, &format!("npm ci in {folder}"))?;
        Ok(package)
    }

    /// Runs a script that the package names.
    pub(crate) fn script(&self, name: &str) -> Outcome {
        let mut command = self.npm(&["run", "--silent", name]);
        interrupt::run(&mut command, &format!("npm run {name}"))
    }

    /// Runs a module of the package with these variables besides our own. There is no npm in between,
    /// which would end at a signal and leave what it started.
    pub(crate) fn module(&self, path: &str, variables: &[Variable<'_>]) -> Outcome {
        let mut command = Command::new("node");
        command
            .arg(path)
            .envs(variables.iter().copied())
            .current_dir(&self.folder);
        interrupt::run(&mut command, &format!("node {path}"))
    }

    fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.args(arguments).current_dir(&self.folder);
        command
    }
}

/// What a program says of its release, or how to get it.
fn version(program: &str) -> Result<String, Failure> {
    let output = Command::new(program).arg("--version").output();
    match output {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(_) | Err(_) => Err(Failure::new(format!(
            "{program} is missing; install Node {OLDEST} or later with npm \
             (https://nodejs.org, on Debian the packages nodejs and npm)"
        ))),
    }
}

fn node_is_new_enough(version: &str) -> Outcome {
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= OLDEST) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "this is Node {version}, and {OLDEST} is the oldest that will do"
    )))
}

/// The first of these programs that is on the PATH.
pub(crate) fn find(programs: &[&str]) -> Option<OsString> {
    let path = shell::variable("PATH")?;
    programs.iter().find_map(|program| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
            .map(PathBuf::into_os_string)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_strange_releases_are_refused_by_name() {
        assert!(node_is_new_enough("v20.0.0").is_ok());
        assert!(node_is_new_enough("v100.1.2").is_ok());
        for wrong in ["v18.20.4", "", "nightly"] {
            let failure = node_is_new_enough(wrong).unwrap_err();
            assert!(failure.to_string().contains(wrong));
        }
    }

    #[test]
    fn a_missing_program_is_named_with_where_to_get_it() {
        let failure = version("no-such-node").unwrap_err().to_string();
        assert!(failure.contains("no-such-node is missing"), "{failure}");
        assert!(failure.contains("nodejs.org"), "{failure}");
    }

    #[test]
    fn the_first_program_that_is_there_is_found() {
        let sh = find(&["no-such-browser", "sh"]).unwrap();
        assert!(PathBuf::from(sh).ends_with("sh"));
        assert_eq!(find(&["no-such-browser"]), None);
    }
}
