//! A program that is measured: started, asked until it answers, stopped in order.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::variables::Variables;
use crate::failure::{Failure, Outcome};
use crate::process;

/// How long a program may take to start, and to stop.
const LIMIT: Duration = Duration::from_secs(20);

/// How often it is asked meanwhile: a start is measured by this.
const POLL: Duration = Duration::from_millis(1);

/// How to start a program.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    /// How it is called in messages.
    pub(super) name: &'static str,
    /// The program.
    pub(super) program: PathBuf,
    /// Its arguments.
    pub(super) arguments: &'static [&'static str],
    /// Its environment, but for the port.
    pub(super) variables: Variables,
    /// Where it listens.
    pub(super) port: u16,
    /// What it answers with 200 when it is ready.
    pub(super) ready: &'static str,
    /// Where it runs, and leaves what it complains of.
    pub(super) folder: PathBuf,
}

/// A running program; dropping it stops it.
#[derive(Debug)]
pub(super) struct Started {
    child: Child,
    name: &'static str,
    address: SocketAddr,
    complaints: PathBuf,
}

impl Recipe {
    /// Starts it and waits until it is ready; says how long that took.
    pub(super) fn start(&self) -> Result<(Started, Duration), Failure> {
        let complaints = self.folder.join(format!("{}.errors", self.name));
        let errors = File::create(&complaints).map_err(|error| self.cannot(&error))?;
        let mut command = self.command();
        // What it logs is written and then nobody's: a file would share the disk with the database.
        command
            .env("PORT", self.port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors)
            // Ctrl-C is for us, who then put it in order.
            .process_group(0);
        let begun = Instant::now();
        let child = command.spawn().map_err(|error| self.cannot(&error))?;
        let mut started = Started {
            child,
            name: self.name,
            address: SocketAddr::from(([127, 0, 0, 1], self.port)),
            complaints,
        };
        started.wait_until_ready(self.ready)?;
        Ok((started, begun.elapsed()))
    }

    /// The program with its environment, to run it in another way.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        process::only_path_and_home(&mut command);
        command
            .args(self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder);
        command
    }

    fn cannot(&self, error: &std::io::Error) -> Failure {
        let (name, program) = (self.name, self.program.display());
        Failure::new(format!("{name} cannot be started ({program}): {error}"))
    }
}

impl Started {
    /// Its process.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks it to stop, and waits.
    pub(super) fn stop(mut self) {
        process::stop(&mut self.child, "TERM", LIMIT);
    }

    fn wait_until_ready(&mut self, path: &str) -> Outcome {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if answers(self.address, path) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                let complaints = end_of(&self.complaints);
                let name = self.name;
                return Err(Failure::new(format!(
                    "{name} ended at once ({status}){complaints}"
                )));
            }
            std::thread::sleep(POLL);
        }
        let (name, limit) = (self.name, LIMIT.as_secs());
        let complaints = end_of(&self.complaints);
        Err(Failure::new(format!(
            "{name} was not ready within {limit} s{complaints}"
        )))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        process::stop(&mut self.child, "TERM", LIMIT);
    }
}

/// What a program complained of, at last.
fn end_of(complaints: &Path) -> String {
    let text = fs::read_to_string(complaints).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().skip(lines.len().saturating_sub(12));
    last.map(|line| format!("\n  {line}")).collect()
}

/// Whether a GET is answered with 200.
fn answers(address: SocketAddr, path: &str) -> bool {
    let ask = || -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
        stream.set_read_timeout(Some(LIMIT))?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut head = [0_u8; 12];
        stream.read_exact(&mut head)?;
        Ok(head)
    };
    ask().is_ok_and(|head| head == *b"HTTP/1.1 200")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;
    use crate::ports;

    fn recipe(folder: &Folder, script: &'static [&'static str]) -> Recipe {
        let [port] = ports::free().unwrap();
        Recipe {
            name: "the program",
            program: "bash".into(),
            arguments: script,
            variables: vec![("SAID", "no database".to_owned())],
            port,
            ready: "/live",
            folder: folder.root().to_path_buf(),
        }
    }

    #[test]
    fn who_ends_at_once_is_asked_why() {
        let folder = Folder::create("kogents-started").unwrap();
        let failure = recipe(&folder, &["-c", "echo \"$SAID\" >&2; exit 3"])
            .start()
            .unwrap_err();
        let said = failure.to_string();
        assert!(said.contains("ended at once"), "{said}");
        assert!(said.ends_with("\n  no database"), "{said}");
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let folder = Folder::create("kogents-started").unwrap();
        let recipe = Recipe {
            program: "/nonexistent/program".into(),
            ..recipe(&folder, &[])
        };
        let said = recipe.start().unwrap_err().to_string();
        assert!(said.contains("/nonexistent/program"), "{said}");
    }
}
