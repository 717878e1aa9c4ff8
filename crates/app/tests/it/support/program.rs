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
        self.launch(None, settings).ready()
    }

    /// Starts the server here under what a shell is told first: `ulimit -n 128`.
    pub(crate) fn start_under(&self, told: &str, settings: &[(&str, &str)]) -> Program {
        match self.launch(Some(told), settings).ready() {
            Start::Ready(program) => program,
            Start::Ended(end) => panic!("the server ended at once: {end:?}"),
        }
    }

    /// Starts the server here and waits for nothing.
    pub(crate) fn launch(&self, told: Option<&str>, settings: &[(&str, &str)]) -> Launched {
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
        let mut command = kogents_under(told, self.folder.path(), &all);
        let output = |name| File::create(self.path(name)).unwrap();
        command.stdout(output("stdout")).stderr(output("stderr"));
        Launched {
            process: Process(command.spawn().unwrap()),
            stdout: self.path("stdout"),
            stderr: self.path("stderr"),
        }
    }
}

/// A server that was started and may not be ready yet; dropping it kills it.
pub(crate) struct Launched {
    process: Process,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Launched {
    /// Waits until it is ready or has ended.
    pub(crate) fn ready(mut self) -> Start {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            let said = std::fs::read_to_string(&self.stdout).unwrap();
            if let Some(address) = address(&said) {
                let client = Client::new(format!("http://{address}"));
                return Start::Ready(Program {
                    process: self.process,
                    client,
                    stdout: self.stdout,
                });
            }
            if let Some(status) = self.process.0.try_wait().unwrap() {
                return Start::Ended(Output {
                    status,
                    stdout: std::fs::read(&self.stdout).unwrap(),
                    stderr: std::fs::read(&self.stderr).unwrap(),
                });
            }
            std::thread::sleep(POLL);
        }
        panic!("the server was not ready in time");
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn end_by(mut self, signal: &str) -> ExitStatus {
        self.process.signal(signal);
        self.process.ended()
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

    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.0.id());
        let told = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(told.success());
    }

    fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(POLL);
        }
        panic!("the server did not end in time");
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

    /// What it said on standard output so far. It writes what it logs some milliseconds later, so
    /// that this waits until nothing more comes.
    pub(crate) fn said(&self) -> String {
        let read = || std::fs::read_to_string(&self.stdout).unwrap();
        let mut said = read();
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(50));
            let now = read();
            if now == said {
                break;
            }
            said = now;
        }
        said
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn end_by(self, signal: &str) -> ExitStatus {
        self.signal(signal);
        self.ended()
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: &str) {
        self.process.signal(signal);
    }

    /// Waits for the end.
    pub(crate) fn ended(mut self) -> ExitStatus {
        self.process.ended()
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
    kogents_under(None, folder, variables)
}

/// The same under what a shell is told first.
fn kogents_under(told: Option<&str>, folder: &Path, variables: &[(&str, &str)]) -> Command {
    let program = env!("CARGO_BIN_EXE_kogents");
    let mut command = match told {
        None => Command::new(program),
        Some(told) => {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", &format!("{told} && exec \"$0\""), program]);
            command
        }
    };
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
