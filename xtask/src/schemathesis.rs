//! `cargo xtask schemathesis [--debug]`: requests that schemathesis makes of the published document are
//! sent to the built server, by nobody, by a member and by an admin (`crates/app/tests/schemathesis`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::server::{Server, Settings};
use crate::timing::spoken;
use crate::{built, interrupt, ports, shell};

/// Where the configuration, the hooks and the list of Python packages are.
const PLACE: &str = "crates/app/tests/schemathesis";

/// As whom the requests are sent; the hooks know them by these names.
const PERSONS: [&str; 3] = ["anonymous", "member", "admin"];

/// Installs schemathesis and lets it loose on a fresh server for each person.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let binary = built::server(built::profile("schemathesis", arguments)?)?;
    interrupt::watch()?;
    let program = install()?;
    let started = Instant::now();
    for person in PERSONS {
        println!("==> schemathesis, {person}");
        test(&binary, &program, person)?;
    }
    println!(
        "the server keeps what its document promises ({})",
        spoken(started.elapsed())
    );
    Ok(())
}

/// One run, in a folder of its own, where also what schemathesis keeps for itself ends up.
fn test(binary: &Path, program: &Path, person: &str) -> Outcome {
    let folder = Folder::create("kogents-schemathesis")?;
    let [port] = ports::free()?;
    let mut server = Server::start(binary, &folder, &settings(port))?;
    let place = shell::root().join(PLACE);
    let mut command = Command::new(program);
    command
        .arg("--config-file")
        .arg(place.join("schemathesis.toml"))
        .args(["run", &format!("{}/openapi.json", server.url())])
        .env("KOGENTS_PERSON", person)
        .env("PYTHONPATH", &place)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder.subfolder("schemathesis")?);
    let outcome = interrupt::run(&mut command, &format!("schemathesis, {person},"));
    server.explain(outcome)?;
    server.stop()
}

/// What the server is told: nobody waits for a limit, and a failure shows a log that can be read.
fn settings(port: u16) -> Settings {
    Settings {
        port: Some(port),
        variables: vec![
            ("RATE_LIMITS", "off".to_owned()),
            ("LOG_LEVEL", "warn".to_owned()),
        ],
    }
}

/// The installed program; what is installed already stays.
fn install() -> Result<PathBuf, Failure> {
    let environment = shell::metadata()?
        .target_directory
        .join("schemathesis")
        .into_std_path_buf();
    let python = environment.join("bin").join("python");
    if !shell::works(Command::new(&python).args(["-m", "pip", "--version"])) {
        create(&environment)?;
    }
    let mut command = Command::new(python);
    command
        .args(["-m", "pip", "install", "--quiet", "--no-input"])
        .args(["--disable-pip-version-check", "--no-deps"])
        // Nothing is run that a package brings for its own building, and nothing that was changed.
        .args(["--only-binary", ":all:", "--require-hashes", "--requirement"])
        .arg(shell::root().join(PLACE).join("requirements.txt"));
    interrupt::run(&mut command, "pip install")?;
    Ok(environment.join("bin").join("st"))
}

/// Makes an environment for Python packages.
fn create(environment: &Path) -> Outcome {
    if !shell::works(Command::new("python3").args(["-c", CAN_MAKE_ENVIRONMENTS])) {
        return Err(Failure::new(
            "Python 3.11 or later with its modules venv and ensurepip is missing \
             (https://www.python.org, on Debian the packages python3 and python3-venv)",
        ));
    }
    let mut command = Command::new("python3");
    command.args(["-m", "venv", "--clear"]).arg(environment);
    interrupt::run(&mut command, "python3 -m venv")
}

/// Debian has the two modules in a package of their own.
const CAN_MAKE_ENVIRONMENTS: &str =
    "import sys, venv, ensurepip; assert sys.version_info >= (3, 11)";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn unknown_flags_are_refused() {
        let failure = run(&["--fast".to_owned()]).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("cargo xtask schemathesis"));
    }

    #[test]
    fn no_limit_stands_in_the_way() {
        let settings = settings(4000);
        assert_eq!(settings.port, Some(4000));
        assert!(
            settings
                .variables
                .contains(&("RATE_LIMITS", "off".to_owned()))
        );
    }

    #[test]
    fn every_package_is_pinned_with_its_hashes() {
        let path = shell::root().join(PLACE).join("requirements.txt");
        let text = fs::read_to_string(path).unwrap().replace("\\\n", " ");
        let packages: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(!packages.is_empty());
        for package in packages {
            assert!(package.contains("=="), "{package}");
            assert!(package.contains("--hash=sha256:"), "{package}");
        }
    }
}
