//! The command line of the built program.

use std::process::Output;

use crate::support::{Folder, kogents};

fn run(words: &[&str]) -> Output {
    let folder = Folder::new();
    kogents(&folder.path(""), &[]).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn help_and_version_are_there() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for word in [
        "serve",
        "migrate",
        "export",
        "import",
        "openapi",
        "secret-key",
        "doctor",
        "config",
        "health",
        "user",
        "sweep",
        ".env.example",
        "Exit codes",
    ] {
        assert!(said(&help).contains(word), "{word}");
    }
    let version = run(&["--version"]);
    assert_eq!(version.status.code(), Some(0));
    assert_eq!(
        said(&version),
        format!("kogents {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn the_document_is_printed_whole_without_a_server() {
    let output = run(&["openapi"]);
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/auth/login"]["post"].is_object());
    assert!(
        said(&output).starts_with("{\n"),
        "it is for persons to read as well"
    );
}

#[test]
fn s9_the_secret_key_that_is_derived_can_be_pinned() {
    let folder = Folder::new();
    let print = |more: &[(&str, &str)]| {
        let secrets = [
            ("JWT_SECRET", "a"),
            ("JWT_REFRESH_SECRET", "b"),
            ("REDIS_ENCRYPTION_SALT", "d"),
        ];
        let all: Vec<(&str, &str)> = secrets.iter().chain(more).copied().collect();
        let mut command = kogents(&folder.path(""), &all);
        command.arg("secret-key").output().unwrap()
    };
    let derived = print(&[("REDIS_ENCRYPTION_KEY", "old")]);
    assert_eq!(derived.status.code(), Some(0));
    let derived = said(&derived);
    assert!(derived.trim_end().len() >= 43, "{derived}");
    // Pinned, it is the same whatever becomes of the key that it came from.
    let pinned = [
        ("REDIS_ENCRYPTION_KEY", "new"),
        ("SECRET_KEY", derived.trim_end()),
    ];
    assert_eq!(said(&print(&pinned)), derived);
    assert_ne!(said(&print(&pinned[..1])), derived);

    let nothing_set = run(&["secret-key"]);
    assert_eq!(nothing_set.status.code(), Some(1));
    assert!(nothing_set.stdout.is_empty());
}

#[test]
fn an_unknown_command_is_a_wrong_usage() {
    let output = run(&["emigrate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}
