//! What the two commands are given.

use crate::support::Folder;

/// Runs it where nothing is set and nothing is there.
fn run(words: &[&str]) -> (String, String, Option<i32>) {
    let output = Folder::new().run(words);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

#[test]
fn wrong_words_are_a_wrong_usage() {
    for words in [
        &["export"][..],
        &["import"],
        &["export", "a", "b"],
        &["import", "a", "b"],
        &["export", "a", "--secrets"],
        &["export", "a", "--other-secrets"],
        &["import", "a", "--secrets", "b"],
        &["import", "a", "--quiet=yes"],
        &["export", ""],
    ] {
        let (said, why, code) = run(words);
        assert_eq!(said, "");
        assert_eq!(code, Some(2), "{words:?}: {why}");
    }
}

#[test]
fn help_says_what_is_needed_and_what_is_written() {
    for (command, parts) in [
        (
            "export",
            ["must be stopped", "password hashes", "--secrets <FILE>"],
        ),
        (
            "import",
            ["must be empty", "--other-secrets", "run the command again"],
        ),
    ] {
        let (said, _, code) = run(&[command, "--help"]);
        assert_eq!(code, Some(0));
        // Lines are broken to fit the terminal.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
}

#[test]
fn where_there_is_nothing_it_says_so() {
    let (_, why, code) = run(&["export", "out"]);
    assert!(
        why.contains("there is no database yet at ./data/kogents.db"),
        "{why}"
    );
    assert_eq!(code, Some(1));
    let (_, why, code) = run(&["import", "out"]);
    assert!(why.contains("set DATABASE_URL to postgresql://"), "{why}");
    assert_eq!(code, Some(1));
}
