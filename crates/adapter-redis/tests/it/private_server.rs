//! A server of one test, in a temporary folder, on a free port.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use deadpool_redis::redis::{self, Client, RedisResult};
use tempfile::TempDir;

use crate::support::{raw, skipped};

/// How long a server may take to start.
const STARTING: Duration = Duration::from_secs(20);

/// A server that is killed with this value.
pub(crate) struct PrivateServer {
    folder: TempDir,
    options: Vec<String>,
    port: u16,
    tls_port: Option<u16>,
    password: Option<String>,
    child: Option<Child>,
}

/// What a private server is started with.
#[derive(Default)]
pub(crate) struct Options<'a> {
    pub(crate) options: &'a [&'a str],
    /// What it asks of its default user.
    pub(crate) password: Option<&'a str>,
    /// Whether it also listens with TLS, with `server.crt` and `server.key` of its folder.
    pub(crate) tls: bool,
}

impl PrivateServer {
    /// A server without anything special.
    pub(crate) fn start() -> Option<Self> {
        Self::with(&Options::default())
    }

    /// A server; none, with a line that says why, where none is installed.
    pub(crate) fn with(given: &Options<'_>) -> Option<Self> {
        Self::in_folder(tempfile::tempdir().unwrap(), given)
    }

    /// A server in a folder that holds something already.
    pub(crate) fn in_folder(folder: TempDir, given: &Options<'_>) -> Option<Self> {
        if Command::new("redis-server")
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            skipped("no redis-server is installed");
            return None;
        }
        let mut server = Self {
            folder,
            options: given.options.iter().map(|&text| text.to_owned()).collect(),
            port: 0,
            tls_port: None,
            password: given.password.map(str::to_owned),
            child: None,
        };
        loop {
            server.port = free_port();
            server.tls_port = given.tls.then(free_port);
            if server.try_launch() {
                return Some(server);
            }
        }
    }

    /// The URL for its default user.
    pub(crate) fn url(&self) -> String {
        let login = match &self.password {
            Some(password) => format!(":{password}@"),
            None => String::new(),
        };
        format!("redis://{login}127.0.0.1:{}", self.port)
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn tls_port(&self) -> u16 {
        self.tls_port.unwrap()
    }

    /// Runs a command of words.
    pub(crate) async fn run(&self, command: &str) {
        let mut words = command.split(' ');
        let mut connection = raw(&self.url()).await;
        let mut command = redis::cmd(words.next().unwrap());
        command.arg(words.collect::<Vec<_>>());
        command.exec_async(&mut connection).await.unwrap();
    }

    /// Ends it as a crash would. What was saved stays.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it again where it was.
    pub(crate) fn restart(&mut self) {
        let begun = Instant::now();
        while !self.try_launch() {
            assert!(begun.elapsed() < STARTING, "its port was taken");
        }
    }

    /// Lets it answer nobody, its connections staying open.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Starts it and waits until it answers; false when it ended, because its port is taken.
    fn try_launch(&mut self) -> bool {
        let folder = self.folder.path();
        let mut command = Command::new("redis-server");
        command
            .args(["--port", &self.port.to_string()])
            .args(["--bind", "127.0.0.1"])
            .args(["--save", ""])
            .args(["--appendonly", "no"])
            .arg("--dir")
            .arg(folder);
        if let Some(port) = self.tls_port {
            let port = port.to_string();
            command.args(["--tls-port", &port, "--tls-auth-clients", "no"]);
            for (option, file) in [
                ("--tls-cert-file", "server.crt"),
                ("--tls-key-file", "server.key"),
                ("--tls-ca-cert-file", "ca.crt"),
            ] {
                command.arg(option).arg(folder.join(file));
            }
        }
        if let Some(password) = &self.password {
            command.args(["--requirepass", password]);
        }
        let log = fs::File::create(folder.join("log")).unwrap();
        let child = command
            .args(&self.options)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        self.answers_or_has_ended()
    }

    fn answers_or_has_ended(&mut self) -> bool {
        let begun = Instant::now();
        loop {
            if let Some(child) = &mut self.child
                && child.try_wait().unwrap().is_some()
            {
                self.child = None;
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
                assert!(log.contains("Address already in use"), "{log}");
                return false;
            }
            if has_answered(&self.url()) {
                return true;
            }
            assert!(begun.elapsed() < STARTING, "the server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        // A test that fails must not hide its reason behind this.
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Whether a server has loaded what it saved, and answers.
fn has_answered(url: &str) -> bool {
    let asking = || -> RedisResult<()> {
        let mut connection = Client::open(url)?.get_connection()?;
        redis::cmd("PING").exec(&mut connection)
    };
    asking().is_ok()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Runs a program in a folder; false when there is none.
pub(crate) fn run_in(folder: &Path, program: &str, arguments: &str) -> bool {
    let run = Command::new(program)
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match run {
        Ok(status) => {
            assert!(status.success(), "{program} {arguments}");
            true
        }
        Err(_) => {
            skipped(&format!("{program} is not installed"));
            false
        }
    }
}
