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
    for word in ["serve", "migrate", "openapi", ".env.example", "Exit codes"] {
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
fn an_unknown_command_is_a_wrong_usage() {
    let output = run(&["emigrate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}
