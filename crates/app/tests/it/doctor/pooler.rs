//! A transaction pooler in the way is found by what it loses, whatever the URL says.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::examine;
use crate::support::{Backend, Folder};

/// A pooler of one test's own; dropping it ends it.
struct PgBouncer {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl PgBouncer {
    /// In front of the database at a URL, lending by transaction; None, with a line that says so,
    /// where there is none to start.
    fn start(url: &str) -> Option<Self> {
        let place = url.split_once('@')?.1.split('/').next()?;
        let (host, database_port) = place.split_once(':')?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = tempfile::tempdir().unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let settings = format!(
            "[databases]\n* = host={host} port={database_port} user=postgres\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n\
             pool_mode = transaction\nunix_socket_dir =\n\
             ignore_startup_parameters = extra_float_digits,options\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let is_root = Command::new("id")
            .arg("-u")
            .output()
            .unwrap()
            .stdout
            .trim_ascii()
            == b"0";
        let mut command = Command::new("pgbouncer");
        if is_root {
            command.args(["-u", "postgres"]);
        }
        let started = command
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(process) = started else {
            println!("skipped: there is no pgbouncer to start");
            return None;
        };
        let pooler = Self {
            process,
            port,
            _folder: folder,
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the pooler takes too long");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(pooler)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_a_pooler_that_the_url_does_not_tell_of_is_named() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let direct = backend.database_url().to_owned();
    let Some(pooler) = PgBouncer::start(&direct) else {
        return;
    };
    let name = direct.rsplit('/').next().unwrap();
    let pooled = format!("postgresql://postgres@127.0.0.1:{}/{name}", pooler.port);
    let declared = format!("{pooled}?pgbouncer=true");
    let folder = Folder::new();
    let found = |url: &str, more: &[(&str, &str)]| {
        let settings = [&[("DATABASE_URL", url)], more].concat();
        examine(&folder, &settings)
    };
    found(&pooled, &[]).expect("pooler", "failure", "DATABASE_URL does not say so");
    found(&declared, &[]).expect("pooler", "warning", "there is no way past");
    let past = [("DATABASE_DIRECT_URL", direct.as_str())];
    found(&declared, &past).expect("pooler", "ok", "as DATABASE_URL says");
    found(&direct, &[]).expect("pooler", "ok", "no transaction pooler");
}
