//! `kogents doctor`: names what is wrong with what a server stands on, and is content with what is
//! right.

mod faults;
mod pooler;

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{Backend, Folder, Private, kogents};

/// The settings that every run has: the port of another test is not this one's matter.
const OWN_PORT: (&str, &str) = ("PORT", "0");

/// What a run found, and its exit code.
struct Found {
    findings: Vec<Value>,
    code: i32,
}

impl Found {
    fn read(output: &Output) -> Self {
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = told["findings"].as_array().unwrap().clone();
        for finding in &findings {
            // What is not right says what to do, in one sentence.
            let fix = finding["fix"].as_str();
            assert_eq!(fix.is_some(), finding["level"] != "ok", "{finding}");
        }
        Self {
            findings,
            code: output.status.code().unwrap(),
        }
    }

    /// That a check says this at this level, and that the exit code is as bad as that.
    #[track_caller]
    fn expect(&self, check: &str, level: &str, part: &str) {
        let told = |finding: &&Value| {
            finding["check"] == check
                && finding["level"] == level
                && finding["told"].as_str().unwrap().contains(part)
        };
        let all = &self.findings;
        assert!(
            all.iter().any(|finding| told(&finding)),
            "{check}: {part} in {all:#?}"
        );
        if level == "failure" {
            assert_eq!(self.code, 1);
        }
    }

    /// That nothing is said to be wrong.
    #[track_caller]
    fn expect_well(&self) {
        let bad: Vec<&Value> = self
            .findings
            .iter()
            .filter(|finding| finding["level"] != "ok")
            .collect();
        assert!(bad.is_empty(), "{bad:#?}");
        assert_eq!(self.code, 0);
    }
}

/// Runs it in a folder, with so many files allowed.
fn examine_with(folder: &Folder, settings: &[(&str, &str)], files: u32, words: &[&str]) -> Found {
    let all: Vec<(&str, &str)> = [OWN_PORT].iter().chain(settings).copied().collect();
    let program = folder.command(&all);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]);
    command
        .arg(program.get_program())
        .args(["doctor", "--json"])
        .args(words);
    command.env_clear().current_dir(folder.path(""));
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    Found::read(&command.output().unwrap())
}

fn examine(folder: &Folder, settings: &[(&str, &str)]) -> Found {
    examine_with(folder, settings, 4_096, &[])
}

#[test]
fn a_developers_computer_is_well_before_and_while_a_server_runs() {
    let folder = Folder::new();
    examine(&folder, &[]).expect_well();
    assert_eq!(
        std::fs::read_dir(folder.path("")).unwrap().count(),
        0,
        "nothing was made"
    );
    let program = folder.start();
    examine(&folder, &[]).expect_well();
    let port = program.client.base().rsplit(':').next().unwrap().to_owned();
    let found = examine(&folder, &[("PORT", &port)]);
    found.expect("ports", "ok", "a server runs and answers");
    found.expect_well();
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_are_set_up_well_are_well() {
    let Some(redis) = Private::redis_with(&["--appendonly", "yes"]) else {
        return;
    };
    let Some(backend) = Backend::with_private_cache(&redis).await else {
        return;
    };
    let folder = Folder::on(&backend);
    let found = examine(&folder, &[]);
    found.expect("database", "ok", "PostgreSQL");
    found.expect("row security", "ok", "it rests on");
    found.expect("pooler", "ok", "no transaction pooler");
    found.expect("cache", "ok", "noeviction");
    found.expect_well();
}

#[test]
fn findings_are_lines_for_persons() {
    let folder = Folder::new();
    let mut command = kogents(
        &folder.path(""),
        &[OWN_PORT, ("TRUSTED_PROXIES", "0.0.0.0/0")],
    );
    let output = command.arg("doctor").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.len() >= 10, "{said}");
    for line in &lines {
        let level = line.split(' ').next().unwrap();
        assert!(["ok", "warning", "failure"].contains(&level), "{line}");
        assert_eq!(line.contains(". Fix: "), level != "ok", "{line}");
    }
    assert!(
        said.contains("failure  proxies        TRUSTED_PROXIES has 0.0.0.0/0"),
        "{said}"
    );
}

#[test]
fn what_it_is_told_is_checked() {
    let folder = Folder::new();
    for words in [
        &["doctor", "--mail"][..],
        &["doctor", "--mail", "nobody"],
        &["doctor", "--fix"],
        &["doctor", "database"],
    ] {
        let output = folder.run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty());
    }
}
