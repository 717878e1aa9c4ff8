//! Moving up: everything of a SQLite server, exported, imported into PostgreSQL, and served from
//! there.

mod arguments;
mod coverage;
mod equality;
mod interrupted;
mod large;
mod living_on;
mod refusals;
mod secrets;

use std::path::Path;
use std::process::Output;

use crate::support::{Backend, Folder};

/// What servers have to be called alike before and after: tokens name it.
const PUBLIC_URL: (&str, &str) = ("PUBLIC_URL", "http://localhost:3000");

/// Settings as a program takes them.
type Settings = Vec<(String, String)>;

/// A folder with a SQLite database, and servers to move it to.
struct Move {
    from: Folder,
    to: Folder,
    backend: Backend,
}

impl Move {
    /// None where there are no servers.
    async fn new() -> Option<Self> {
        let backend = Backend::servers().await?;
        Some(Self {
            from: Folder::new(),
            to: Folder::on(&backend),
            backend,
        })
    }

    /// Exports into a folder, and the secrets beside it.
    fn export(&self, name: &str) -> Output {
        let folder = self.export_path(name);
        let secrets = self.secrets_path(name);
        let words = ["export", &folder, "--secrets", &secrets];
        self.from.run_with(&[PUBLIC_URL], &words)
    }

    /// The same, which must go well; gives the secrets.
    fn exported(&self, name: &str) -> Settings {
        let said = succeeded(&self.export(name));
        assert!(said.contains("password hashes and personal data"), "{said}");
        self.secrets(name)
    }

    fn export_path(&self, name: &str) -> String {
        text(&self.from.path(name))
    }

    fn secrets_path(&self, name: &str) -> String {
        text(&self.from.path(&format!("{name}.env")))
    }

    /// The lines that were written beside an export.
    fn secrets(&self, name: &str) -> Settings {
        let lines = std::fs::read_to_string(self.secrets_path(name)).unwrap();
        let lines = lines.lines().filter(|line| !line.starts_with('#'));
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        lines.map(pair).collect()
    }

    /// Imports an export with these settings.
    fn import(&self, name: &str, settings: &Settings, more: &[&str]) -> Output {
        let folder = self.export_path(name);
        let words = [&["import", &folder], more].concat();
        self.to.run_with(&borrowed(settings), &words)
    }

    fn database(&self) -> std::path::PathBuf {
        self.from.path("data/kogents.db")
    }
}

fn borrowed(settings: &Settings) -> Vec<(&str, &str)> {
    let settings = settings.iter();
    settings
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// What a command that went well said.
#[track_caller]
fn succeeded(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command that was refused said, with its exit code: one line, after what it had done.
#[track_caller]
fn refused(output: &Output) -> (String, i32) {
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    let last = errors.lines().last().expect("it says why");
    let why = last.strip_prefix("kogents: ").expect("it says who it is");
    (why.to_owned(), output.status.code().unwrap())
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
