//! The built server, started in a folder of its own with no configuration but what is said.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::folder::Folder;
use crate::process;

/// Where the server listens when nothing is configured.
const DEFAULT_PORT: u16 = 3000;

/// The folder that the server runs in, inside of the one it is given.
const WORK: &str = "work";

/// How long the server may take to start, and to stop.
const LIMIT: Duration = Duration::from_secs(20);

/// How long one question to the server may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a server is told; nothing is what a newcomer tells it.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Where to listen, if not where it does by itself.
    pub(crate) port: Option<u16>,
    /// Other variables of its environment.
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// A running server; dropping it kills it.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    work: PathBuf,
    address: String,
}

impl Server {
    /// Starts the server and waits until it says that it is alive. Started again in the same folder,
    /// it finds what it kept.
    pub(crate) fn start(
        binary: &Path,
        folder: &Folder,
        settings: &Settings,
    ) -> Result<Self, Failure> {
        let address = format!("localhost:{}", settings.port.unwrap_or(DEFAULT_PORT));
        if connect(&address).is_some() {
            return Err(Failure::new(format!(
                "something listens at {address} already; stop it first, the server is to listen there"
            )));
        }
        let log = folder.path("server.log");
        let work = work(folder)?;
        let mut command = Command::new(binary);
        process::only_path_and_home(&mut command);
        command
            .envs(settings.variables.iter().map(|(name, value)| (name, value)))
            .envs(settings.port.map(|port| ("PORT", port.to_string())))
            .current_dir(&work);
        let mut server = Self {
            child: spawn(&mut command, &log)?,
            log,
            work,
            address,
        };
        let ready = server.wait_until_alive();
        server.explain(ready)?;
        Ok(server)
    }

    /// The folder that it runs in and keeps its data below.
    pub(crate) fn work(&self) -> &Path {
        &self.work
    }

    /// Where it is called.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks the server to stop, as a service manager does; it must end by itself and in order.
    pub(crate) fn stop(&mut self) -> Outcome {
        process::signal("TERM", &self.child.id().to_string());
        let outcome = judge_end(process::wait(&mut self.child, LIMIT));
        self.explain(outcome)
    }

    /// Passes an outcome on; of a failure it shows what the server printed.
    pub(crate) fn explain(&self, outcome: Outcome) -> Outcome {
        if outcome.is_err() {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            eprintln!("---- the server printed ----\n{}\n----", log.trim_end());
        }
        outcome
    }

    fn wait_until_alive(&mut self) -> Outcome {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Failure::new(format!("the server ended at once ({status})")));
            }
            if is_alive(&self.address) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::new(format!(
            "the server was not alive within {} s",
            LIMIT.as_secs()
        )))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder to run in, made where there is none yet.
fn work(folder: &Folder) -> Result<PathBuf, Failure> {
    let path = folder.path(WORK);
    if path.is_dir() {
        return Ok(path);
    }
    folder.subfolder(WORK)
}

fn spawn(command: &mut Command, log: &Path) -> Result<Child, Failure> {
    let cannot = |error| Failure::new(format!("the server cannot be started: {error}"));
    let out = File::create(log).map_err(cannot)?;
    let err = out.try_clone().map_err(cannot)?;
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    command.spawn().map_err(cannot)
}

fn judge_end(status: Option<ExitStatus>) -> Outcome {
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(Failure::new(format!(
            "the server ended with {status}, not with 0"
        ))),
        None => Err(Failure::new(format!(
            "the server did not stop within {} s",
            LIMIT.as_secs()
        ))),
    }
}

/// A connection to whatever listens at the address, over IPv4 or IPv6.
fn connect(address: &str) -> Option<TcpStream> {
    let addresses = address.to_socket_addrs().ok()?;
    addresses
        .into_iter()
        .find_map(|address| TcpStream::connect_timeout(&address, PATIENCE).ok())
}

/// Whether `GET /health/live` answers 200.
fn is_alive(address: &str) -> bool {
    ask(address, "/health/live").is_some_and(|head| head == "HTTP/1.1 200")
}

/// The version and status with which a GET is answered.
fn ask(address: &str, path: &str) -> Option<String> {
    let mut stream = connect(address)?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut head = [0_u8; 12];
    stream.read_exact(&mut head).ok()?;
    String::from_utf8(head.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn only_an_orderly_end_is_good() {
        assert!(judge_end(Some(ExitStatus::from_raw(0))).is_ok());
        assert!(judge_end(Some(ExitStatus::from_raw(1 << 8))).is_err());
        assert!(judge_end(Some(ExitStatus::from_raw(15))).is_err());
        assert!(
            judge_end(None)
                .unwrap_err()
                .to_string()
                .contains("did not stop")
        );
    }
}
