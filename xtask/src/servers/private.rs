//! A server of our own: a process in a folder of its own, gone when the value is.

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::durability::Durability;
use super::identity::Identity;
use super::kind::Kind;
use super::programs::Programs;
use super::{postgres, probe, redis};
use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::{ports, process};

/// How long a server may take to start.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long it may take to stop before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// How often a start is tried: another program may take the port that was free a moment ago.
const ATTEMPTS: u32 = 5;

/// A running server; dropping it stops it and removes its folder.
#[derive(Debug)]
pub(super) struct Private {
    child: Child,
    stop_signal: &'static str,
    url: String,
    /// Removed after the server is stopped.
    _folder: Folder,
}

/// What the programs of one start have in common.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) programs: &'a Programs,
    pub(super) folder: &'a Folder,
    pub(super) durability: Durability,
    identity: Option<Identity>,
}

impl Private {
    /// Starts a server and waits until it answers.
    pub(super) fn start(
        kind: Kind,
        durability: Durability,
        programs: &Programs,
    ) -> Result<Self, Failure> {
        let folder = Folder::create(&format!("kogents-{}", kind.argument()))?;
        let identity = Identity::to_become(&folder)?;
        if let Some(identity) = identity {
            identity.own(&folder)?;
        }
        let place = Place {
            programs,
            folder: &folder,
            durability,
            identity,
        };
        if kind == Kind::Postgres {
            postgres::prepare(&place)?;
        }
        let mut attempt = 1;
        let (child, port) = loop {
            match try_start(kind, &place) {
                Ok(started) => break started,
                Err(failure) if attempt == ATTEMPTS => return Err(failure),
                Err(_) => attempt += 1,
            }
        };
        Ok(Self {
            child,
            // Nothing it holds is worth an orderly end: what was measured is over.
            stop_signal: match kind {
                Kind::Postgres => "QUIT",
                Kind::Redis => "KILL",
            },
            url: kind.url(None, "127.0.0.1", port),
            _folder: folder,
        })
    }

    /// Where it is reached.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        process::stop(&mut self.child, self.stop_signal, STOP_LIMIT);
    }
}

/// Starts the server on a port that is free now.
fn try_start(kind: Kind, place: &Place<'_>) -> Result<(Child, u16), Failure> {
    let [port] = ports::free()?;
    let mut command = match kind {
        Kind::Postgres => postgres::command(place, port)?,
        Kind::Redis => redis::command(place, port)?,
    };
    let mut child = place.spawn(&mut command)?;
    match wait_until_it_answers(kind, &mut child, port) {
        Ok(()) => Ok((child, port)),
        Err(reason) => {
            process::stop(&mut child, "KILL", STOP_LIMIT);
            Err(place.explain(kind.name(), &reason))
        }
    }
}

fn wait_until_it_answers(kind: Kind, child: &mut Child, port: u16) -> Result<(), String> {
    let deadline = Instant::now() + START_LIMIT;
    while Instant::now() < deadline {
        // Asked first: on a port that another program took, that one would answer.
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("ended at once ({status})"));
        }
        if probe::answers(kind, "127.0.0.1", port) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Err(format!("did not answer within {} s", START_LIMIT.as_secs()))
}

impl Place<'_> {
    /// One of the programs, in the folder, as its user, in a group of its own so that Ctrl-C
    /// leaves it to us, its output going to the log.
    pub(super) fn command(&self, program: &str) -> Result<Command, Failure> {
        let log = self.log().map_err(|error| self.cannot_log(&error))?;
        let errors = log.try_clone().map_err(|error| self.cannot_log(&error))?;
        let mut command = Command::new(self.programs.folder.join(program));
        command
            .current_dir(self.folder.root())
            // A locale that is not installed would be an error.
            .env("LC_ALL", "C")
            .env("HOME", self.folder.root())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .process_group(0);
        if let Some(identity) = self.identity {
            command.uid(identity.user).gid(identity.group);
        }
        Ok(command)
    }

    /// Runs a program to its end.
    pub(super) fn run(&self, command: &mut Command, what: &str) -> Outcome {
        let mut child = self.spawn(command)?;
        match process::wait(&mut child, START_LIMIT) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(self.explain(what, &format!("failed ({status})"))),
            None => {
                process::stop(&mut child, "KILL", STOP_LIMIT);
                Err(self.explain(what, &format!("took over {} s", START_LIMIT.as_secs())))
            }
        }
    }

    fn spawn(&self, command: &mut Command) -> Result<Child, Failure> {
        command.spawn().map_err(|error| {
            Failure::new(format!(
                "{} cannot be started in {}: {error}",
                Path::new(command.get_program()).display(),
                self.folder.root().display()
            ))
        })
    }

    fn log(&self) -> std::io::Result<File> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path("log"))
    }

    fn cannot_log(&self, error: &std::io::Error) -> Failure {
        let folder = self.folder.root().display();
        Failure::new(format!("{folder} cannot be written to: {error}"))
    }

    /// What went wrong, with the last lines of the log, which is gone when anyone could look.
    fn explain(&self, what: &str, reason: &str) -> Failure {
        let log = std::fs::read_to_string(self.folder.path("log")).unwrap_or_default();
        Failure::new(format!(
            "{what} from {} {reason}{}",
            self.programs.folder.display(),
            tail(&log)
        ))
    }
}

/// The last lines of a log, indented.
fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(8))
        .map(|line| format!("\n  {line}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_log_is_shown() {
        assert_eq!(tail(""), "");
        assert_eq!(tail("one\ntwo\n"), "\n  one\n  two");
        let log: String = (0..20).map(|number| format!("{number}\n")).collect();
        assert_eq!(tail(&log).lines().count(), 9);
        assert!(tail(&log).ends_with("19"));
    }
}
