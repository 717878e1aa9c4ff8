//! Servers that are one test's alone, for tests that empty or stop them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a start or an end may take.
const LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// A private server; dropping it kills it.
pub(crate) struct Private {
    kind: Kind,
    program: PathBuf,
    arguments: Vec<String>,
    folder: TempDir,
    port: u16,
    /// Of the login `postgres`, where one is asked for.
    password: Option<String>,
    user: Option<u32>,
    process: Option<Child>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Redis,
    Postgres,
}

impl Private {
    /// A Redis server, or None with a line that says why.
    pub(crate) fn redis() -> Option<Self> {
        Self::redis_with(&[])
    }

    /// The same with further arguments.
    pub(crate) fn redis_with(more: &[&str]) -> Option<Self> {
        let Some(program) = find(&["redis-server", "valkey-server"]) else {
            println!("skipped: there is no redis-server to start");
            return None;
        };
        let port = free_port();
        let arguments = format!("--port {port} --bind 127.0.0.1 --appendonly no --save");
        let mut arguments: Vec<String> = arguments.split(' ').map(str::to_owned).collect();
        arguments.push(String::new());
        arguments.extend(more.iter().map(|&word| word.to_owned()));
        let mut server = Self {
            kind: Kind::Redis,
            program,
            arguments,
            folder: TempDir::new().unwrap(),
            port,
            password: None,
            user: None,
            process: None,
        };
        server.start();
        Some(server)
    }

    /// A PostgreSQL server with an empty database, or None with a line that says why.
    pub(crate) fn postgres() -> Option<Self> {
        Self::postgres_with(None)
    }

    /// The same with a password, without which nobody is let in (SCRAM).
    pub(crate) fn postgres_with_password(password: &str) -> Option<Self> {
        Self::postgres_with(Some(password))
    }

    fn postgres_with(password: Option<&str>) -> Option<Self> {
        let (Some(initdb), Some(program)) = (find(&["initdb"]), find(&["postgres"])) else {
            println!("skipped: there is no PostgreSQL to start");
            return None;
        };
        let folder = TempDir::new().unwrap();
        // The server refuses to be run by the superuser.
        let user = match is_superuser() {
            false => None,
            true => match user_named("postgres") {
                Some(user) => Some(user),
                None => {
                    println!("skipped: there is no user postgres to run the server");
                    return None;
                }
            },
        };
        chown(folder.path(), user, None).unwrap();
        let data = folder.path().join("data").to_str().unwrap().to_owned();
        let mut command = Command::new(initdb);
        command.args(["-D", &data, "-U", "postgres"]).args([
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        if let Some(password) = password {
            let file = folder.path().join("password");
            std::fs::write(&file, password).unwrap();
            command
                .arg("--auth=scram-sha-256")
                .arg("--pwfile")
                .arg(file);
        } else {
            command.arg("--auth=trust");
        }
        let made = as_user(&mut command, user, folder.path()).status().unwrap();
        assert!(made.success(), "a database cluster is made");
        let port = free_port();
        let settings = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "fsync=off".to_owned(),
        ];
        let mut arguments = vec!["-D".to_owned(), data];
        arguments.extend(settings.into_iter().flat_map(|s| ["-c".to_owned(), s]));
        let mut server = Self {
            kind: Kind::Postgres,
            program,
            arguments,
            folder,
            port,
            password: password.map(str::to_owned),
            user,
            process: None,
        };
        server.start();
        Some(server)
    }

    /// How clients call it.
    pub(crate) fn url(&self) -> String {
        match self.kind {
            Kind::Redis => format!("redis://127.0.0.1:{}", self.port),
            Kind::Postgres => {
                let password = self
                    .password
                    .as_ref()
                    .map(|password| format!(":{password}"));
                let login = format!("postgres{}", password.unwrap_or_default());
                format!("postgresql://{login}@127.0.0.1:{}/postgres", self.port)
            }
        }
    }

    /// Starts it, again, and waits until it answers.
    pub(crate) fn start(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        let mut process = self.spawn();
        wait_until(|| {
            // Until the children of one that was killed are gone, a database refuses to start.
            if process.try_wait().unwrap().is_some() {
                process = self.spawn();
            }
            self.answers(process.id())
        });
        self.process = Some(process);
    }

    fn spawn(&self) -> Child {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        let process = as_user(&mut command, self.user, self.folder.path()).spawn();
        process.unwrap()
    }

    /// Kills it (`kill -9`).
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Stops it as an operator does: at once, without waiting for clients.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().expect("it runs");
        let kill = format!("kill -INT {}", process.id());
        let told = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(told.success());
        wait_until(|| process.try_wait().unwrap().is_some());
    }

    /// Empties a Redis server.
    pub(crate) fn flush(&self) {
        assert_eq!(self.ask("FLUSHALL").as_deref(), Some("+OK"));
    }

    /// How often clients of a Redis server have called a script, by whatever name.
    pub(crate) fn script_calls(&self) -> u64 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.write_all(b"INFO commandstats\r\nQUIT\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
            .lines()
            .filter_map(|line| line.strip_prefix("cmdstat_eval"))
            .filter_map(|rest| rest.split_once(":calls="))
            .filter_map(|(_, rest)| rest.split(',').next()?.parse::<u64>().ok())
            .sum()
    }

    /// Has a Redis server ask for another password from now on, an empty one for none, and ends the
    /// connections of its clients.
    pub(crate) fn change_password(&self, old: &str, new: &str) {
        let set = format!("CONFIG SET requirepass \"{new}\"");
        let mut commands = vec![set.as_str(), "CLIENT KILL TYPE normal"];
        let login = format!("AUTH {old}");
        if !old.is_empty() {
            commands.insert(0, &login);
        }
        let lines = self.ask_all(&commands).unwrap();
        assert!(!lines.iter().any(|line| line.starts_with('-')), "{lines:?}");
    }

    /// Whether this process answers.
    fn answers(&self, id: u32) -> bool {
        match self.kind {
            // One with a password wants that first.
            Kind::Redis => self
                .ask("PING")
                .is_some_and(|line| line == "+PONG" || line.starts_with("-NOAUTH")),
            // It answers long before it lets anybody in; its own file says when it does.
            Kind::Postgres => {
                let file = self.folder.path().join("data/postmaster.pid");
                let said = std::fs::read_to_string(file).unwrap_or_default();
                let mut lines = said.lines().map(str::trim_end);
                // One that was killed leaves its file behind.
                lines.next() == Some(id.to_string().as_str()) && lines.nth(6) == Some("ready")
            }
        }
    }

    /// Sends Redis a command and reads its line.
    fn ask(&self, command: &str) -> Option<String> {
        self.ask_all(&[command])?.pop()
    }

    /// Sends Redis commands over one connection and reads a line for each.
    fn ask_all(&self, commands: &[&str]) -> Option<Vec<String>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(LIMIT)).ok()?;
        let ask = |command: &&str| {
            stream.write_all(format!("{command}\r\n").as_bytes()).ok()?;
            let mut line = Vec::new();
            let mut byte = [0; 1];
            while !line.ends_with(b"\r\n") {
                stream.read_exact(&mut byte).ok()?;
                line.push(byte[0]);
            }
            Some(String::from_utf8(line).ok()?.trim_end().to_owned())
        };
        commands.iter().map(ask).collect()
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // The database's children end by themselves when it has gone.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn as_user<'a>(command: &'a mut Command, user: Option<u32>, folder: &Path) -> &'a mut Command {
    if let Some(user) = user {
        command.uid(user);
    }
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

fn wait_until(mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < deadline, "a private server takes too long");
        std::thread::sleep(POLL);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A program on PATH, or where distributions put PostgreSQL's.
fn find(names: &[&str]) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "programs are found by PATH")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.map(|version| version.unwrap().path().join("bin")));
    }
    let mut found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found.find(|program| program.is_file())
}

fn is_superuser() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

fn user_named(name: &str) -> Option<u32> {
    let output = Command::new("id").args(["-u", name]).output().unwrap();
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
