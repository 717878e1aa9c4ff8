//! A server of one test's own that speaks TLS, with an authority of its own.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_postgres::NoTls;

/// Where Debian and its relatives put each version's programs.
const INSTALLED: &str = "/usr/lib/postgresql";

/// Logins: one that only comes in by TLS, one that only comes in without.
const RULES: &str = "local all all trust\n\
    hostssl all tls_only 127.0.0.1/32 scram-sha-256\n\
    hostnossl all plain_only 127.0.0.1/32 scram-sha-256\n";

/// The server; it is stopped, and its files removed, with this value.
pub(crate) struct TlsServer {
    folder: TempDir,
    port: u16,
    server: Child,
    programs: Programs,
}

struct Programs {
    folder: PathBuf,
    /// Whom the server runs as: it refuses to run as root.
    user: Option<(u32, u32)>,
}

impl Programs {
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command.current_dir("/").env_clear().stdin(Stdio::null());
        command
    }
}

impl TlsServer {
    /// Starts the server, or says why not.
    pub(crate) async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let programs = match programs(folder.path()) {
            Ok(programs) => programs,
            #[expect(clippy::print_stdout, reason = "says why the test did nothing")]
            Err(reason) => {
                println!("skipped: {reason}");
                return None;
            }
        };
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        make_certificates(folder.path());
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        own(&programs, &data);
        run(programs
            .command("initdb")
            .args([
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--no-locale",
                "-D",
            ])
            .arg(&data));
        for name in ["server.pem", "server.key"] {
            std::fs::copy(folder.path().join(name), data.join(name)).unwrap();
            let private = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(data.join(name), private).unwrap();
            own(&programs, &data.join(name));
        }
        std::fs::write(data.join("pg_hba.conf"), RULES).unwrap();
        let port = free_port();
        let server = programs
            .command("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-c", &format!("port={port}")])
            .args(["-c", &format!("unix_socket_directories={}", data.display())])
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off",
                "-c",
                "ssl=on",
            ])
            .args([
                "-c",
                "ssl_cert_file=server.pem",
                "-c",
                "ssl_key_file=server.key",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Self {
            folder,
            port,
            server,
            programs,
        };
        started.prepare().await;
        Some(started)
    }

    /// Waits until the server answers and makes the logins.
    async fn prepare(&self) {
        let begun = Instant::now();
        let (client, connection) = loop {
            match tokio_postgres::connect(&self.socket_url(), NoTls).await {
                Ok(connected) => break connected,
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        tokio::spawn(connection);
        for login in ["tls_only", "plain_only"] {
            for statement in [
                format!("CREATE ROLE {login} LOGIN PASSWORD 'pw'"),
                format!("CREATE DATABASE {login} OWNER {login}"),
            ] {
                client.batch_execute(&statement).await.unwrap();
            }
        }
    }

    /// A URL of a login, with the server under a name, and parameters.
    pub(crate) fn url(&self, login: &str, host: &str, parameters: &str) -> String {
        let port = self.port;
        format!("postgresql://{login}:pw@{host}:{port}/{login}?hostaddr=127.0.0.1{parameters}")
    }

    /// The URL of the server's socket.
    pub(crate) fn socket_url(&self) -> String {
        let (port, socket) = (self.port, self.folder.path().join("data"));
        format!(
            "postgresql:///postgres?user=postgres&port={port}&host={}",
            socket.display()
        )
    }

    /// The certificate of the authority that vouches for the server.
    pub(crate) fn authority(&self) -> String {
        self.folder.path().join("ca.pem").display().to_string()
    }

    /// The certificate of an authority that does not.
    pub(crate) fn other_authority(&self) -> String {
        self.folder.path().join("other.pem").display().to_string()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let stopped = self
            .programs
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--silent", "-D"])
            .arg(self.folder.path().join("data"))
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// The newest programs that are installed, and whom to run them as.
fn programs(folder: &Path) -> Result<Programs, String> {
    let mut versions: Vec<u32> = std::fs::read_dir(INSTALLED)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|version| *version >= 15)
        .collect();
    versions.sort_unstable();
    let newest = versions
        .pop()
        .ok_or("no PostgreSQL 15 or later is installed")?;
    let programs = Path::new(INSTALLED).join(newest.to_string()).join("bin");
    if !programs.join("postgres").exists() {
        return Err("no PostgreSQL server is installed".to_owned());
    }
    if Command::new("openssl").arg("version").output().is_err() {
        return Err("openssl is not installed".to_owned());
    }
    // What this process makes belongs to whom it runs as.
    let as_root = std::fs::metadata(folder).unwrap().uid() == 0;
    let user = if as_root {
        let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let account = accounts.lines().find(|line| line.starts_with("postgres:"));
        let mut fields = account
            .ok_or("there is no user postgres")?
            .split(':')
            .skip(2);
        let mut number = || fields.next()?.parse().ok();
        Some((number(), number()))
    } else {
        None
    };
    match user {
        Some((Some(user), Some(group))) => Ok(Programs {
            folder: programs,
            user: Some((user, group)),
        }),
        Some(_) => Err("the user postgres has no number".to_owned()),
        None => Ok(Programs {
            folder: programs,
            user: None,
        }),
    }
}

fn own(programs: &Programs, path: &Path) {
    if let Some((user, group)) = programs.user {
        chown(path, Some(user), Some(group)).unwrap();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Two authorities, and a certificate for `localhost` from the first.
fn make_certificates(folder: &Path) {
    let openssl = |arguments: &str| {
        run(Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(folder));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for authority in ["ca", "other"] {
        openssl(&format!(
            "req -x509 {key} -days 2 -subj /CN=Authority-{authority} -keyout {authority}.key \
             -out {authority}.pem -addext keyUsage=critical,keyCertSign"
        ));
    }
    openssl(&format!(
        "req {key} -subj /CN=localhost -keyout server.key -out server.csr"
    ));
    let extensions = "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n\
        subjectAltName=DNS:localhost\n";
    std::fs::write(folder.join("server.ext"), extensions).unwrap();
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -extfile server.ext -out server.pem",
    );
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
}
