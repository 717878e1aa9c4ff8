//! What an operator mistypes is told before anything is done.

use crate::support::Folder;

#[test]
fn every_word_with_a_form_refuses_another() {
    let folder = Folder::new();
    let id = "0192f3c0-3333-7abc-8def-0123456789ab";
    let admin = [
        ["--email", "nobody"],
        ["--name", ""],
        ["--workspace", ""],
        ["--slug", "Not A Slug"],
    ];
    let mut wrong: Vec<Vec<&str>> = vec![
        vec!["user"],
        vec!["user", "list", "--limit", "0"],
        vec!["user", "list", "--limit", "101"],
        vec!["user", "list", "--after", "x"],
        vec!["user", "list", "--like", ""],
        vec!["user", "suspend"],
        vec!["user", "suspend", "nobody"],
        vec!["user", "unlock", "nobody"],
        vec!["user", "sessions", "nobody"],
        vec!["user", "sessions", id, "--after", id],
        vec!["user", "sessions", id, "--all", "--after", "x"],
        vec!["user", "sessions", id, "--all", "--limit", "0"],
        vec!["user", "revoke", id],
        vec!["user", "revoke", id, "--session", "x"],
        vec!["user", "revoke", id, "--session", id, "--all"],
        vec!["user", "create-admin"],
        vec!["user", "create-admin", "--password", "x"],
        vec!["sweep", "--now"],
    ];
    let right = [
        ["--email", "ada@example.com"],
        ["--name", "Ada"],
        ["--workspace", "Engines"],
        ["--slug", "engines"],
    ];
    for (at, wrong_pair) in admin.iter().enumerate() {
        let mut words = vec!["user", "create-admin"];
        for (number, pair) in right.iter().enumerate() {
            words.extend(if number == at { wrong_pair } else { pair });
        }
        wrong.push(words);
    }
    for words in wrong {
        let output = folder.run(&words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
        assert!(!output.stderr.is_empty(), "{words:?}");
    }
}

#[test]
fn nobody_of_such_a_name_is_told() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["migrate", "up"]).status.code(), Some(0));
    for command in ["suspend", "unlock", "sessions"] {
        let output = folder.run(&["user", command, "nobody@example.com"]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert_eq!(output.stderr, b"kogents: there is no such person\n");
    }
    let output = folder.run(&["user", "list"]);
    assert_eq!(output.stdout, b"nobody\n");
}

#[test]
fn every_command_has_help_of_its_own() {
    let folder = Folder::new();
    for words in [
        &["user", "--help"][..],
        &["user", "create-admin", "--help"],
        &["user", "list", "--help"],
        &["sweep", "--help"],
        &["doctor", "--help"],
        &["config", "--help"],
        &["health", "--help"],
    ] {
        let output = folder.run(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("Usage: kogents"), "{said}");
    }
}
