//! The built program, run in a folder of its own with no environment but what a test gives.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Backend, Client, watch};

/// How long a start or an end may take.
const LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(5);

/// A folder to run programs in; removed with this.
pub(crate) struct Folder {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self::on(&Backend::Embedded)
    }

    /// A folder whose programs stand on what a backend has.
    pub(crate) fn on(backend: &Backend) -> Self {
        let settings = backend.settings().into_iter();
        Self {
            folder: TempDir::new().unwrap(),
            settings: settings
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program here with these words, on what the folder's servers stand on.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.run_with(&[], words)
    }

    /// The same with further settings.
    pub(crate) fn run_with(&self, settings: &[(&str, &str)], words: &[&str]) -> Output {
        self.command(settings).args(words).output().unwrap()
    }

    /// The program here, not run yet.
    pub(crate) fn command(&self, settings: &[(&str, &str)]) -> Command {
        let own = self.settings.iter();
        let own = own.map(|(name, value)| (*name, value.as_str()));
        let all: Vec<(&str, &str)> = own.chain(settings.iter().copied()).collect();
        kogents(self.folder.path(), &all)
    }

    /// Starts the server here at a port of the system's choice and waits until it is ready.
    pub(crate) fn start(&self) -> Program {
        self.start_with(&[])
    }

    /// The same with further settings.
    pub(crate) fn start_with(&self, settings: &[(&str, &str)]) -> Program {
        match self.try_start(settings) {
            Start::Ready(program) => program,
            Start::Ended(end) => panic!("the server ended at once: {end:?}"),
        }
    }

    /// Starts the server here and waits until it is ready or has ended.
    pub(crate) fn try_start(&self, settings: &[(&str, &str)]) -> Start {
        // Tokens name their issuer, which must be the same after a restart at another port.
        let first = [
            ("PORT", "0"),
            ("PUBLIC_URL", "http://localhost:3000"),
            ("LOG_LEVEL", watch::EVERYTHING),
            ("RATE_LIMITS", "off"),
        ];
        // Production does not do without limits.
        let production =
            ["APP_ENV", "NODE_ENV"].map(|name| settings.contains(&(name, "production")));
        let production = production.contains(&true);
        let first = first
            .iter()
            .filter(|(name, _)| settings.iter().all(|(other, _)| other != name))
            .filter(|(name, _)| !production || *name != "RATE_LIMITS");
        let own = self
            .settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let all: Vec<(&str, &str)> = first
            .copied()
            .chain(own)
            .chain(settings.iter().copied())
            .collect();
        watch::settings(&all);
        let mut command = kogents(self.folder.path(), &all);
        let output = |name| File::create(self.path(name)).unwrap();
        command.stdout(output("stdout")).stderr(output("stderr"));
        let mut process = Process(command.spawn().unwrap());
        let stdout = self.path("stdout");
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            let said = std::fs::read_to_string(&stdout).unwrap();
            if let Some(address) = address(&said) {
                let client = Client::new(format!("http://{address}"));
                return Start::Ready(Program {
                    process,
                    client,
                    stdout,
                });
            }
            if let Some(status) = process.0.try_wait().unwrap() {
                return Start::Ended(Output {
                    status,
                    stdout: std::fs::read(&stdout).unwrap(),
                    stderr: std::fs::read(self.path("stderr")).unwrap(),
                });
            }
            std::thread::sleep(POLL);
        }
        panic!("the server was not ready in time");
    }
}

/// What came of a start.
pub(crate) enum Start {
    Ready(Program),
    Ended(Output),
}

impl Start {
    /// The one line that a refused start says, without the program's name, and its exit code.
    #[track_caller]
    pub(crate) fn refused(self) -> (String, i32) {
        match self {
            Self::Ready(_) => panic!("the server started"),
            Self::Ended(end) => {
                let said = String::from_utf8(end.stderr).unwrap();
                let line = said
                    .strip_prefix("kogents: ")
                    .expect("the program says who it is");
                (line.trim_end().to_owned(), end.status.code().unwrap())
            }
        }
    }
}

/// A process; dropping it kills it.
struct Process(Child);

impl Process {
    fn end(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A running server.
pub(crate) struct Program {
    process: Process,
    pub(crate) client: Client,
    stdout: PathBuf,
}

impl Program {
    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// What it said on standard output so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.stdout).unwrap()
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn end_by(mut self, signal: &str) -> ExitStatus {
        let id = self.process.0.id();
        let kill = format!("kill -{signal} {id}");
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if let Some(status) = self.process.0.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(POLL);
        }
        panic!("the server did not end in time");
    }
}

/// Its log is searched for secrets when it goes.
impl Drop for Program {
    fn drop(&mut self) {
        self.process.end();
        if !std::thread::panicking() {
            watch::assert_tells_nothing(self.said().as_bytes());
        }
    }
}

/// The program in a folder, with these variables and no others.
pub(crate) fn kogents(folder: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kogents"));
    command
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

/// The address in what a server says when it is ready, as lines or as a log event.
fn address(said: &str) -> Option<String> {
    let after = |mark: &str, end: &[char]| {
        let (_, rest) = said.split_once(mark)?;
        let (address, _) = rest.split_once(end)?;
        Some(address.trim().to_owned())
    };
    after("listens at", &['\n']).or_else(|| after("\"address\":\"", &['"']))
}
