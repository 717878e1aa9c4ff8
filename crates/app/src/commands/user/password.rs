//! Reads a new password: never from an argument, which every program on the machine can see.

use std::io::{BufRead as _, IsTerminal as _};

use kogents_domain::auth::NewPassword;

use crate::failure::Failure;

/// Longer lines are no password.
const MOST_OCTETS: u64 = 4_096;

/// Asks for it twice at a terminal, else reads the first line of standard input.
pub(super) fn read() -> Result<NewPassword, Failure> {
    let stdin = std::io::stdin();
    let text = if stdin.is_terminal() {
        let first = prompt("Password: ")?;
        if prompt("Once more: ")? != first {
            return Err(Failure::Command("the two passwords differ".to_owned()));
        }
        first
    } else {
        let mut line = String::new();
        let mut input = std::io::Read::take(stdin.lock(), MOST_OCTETS);
        input
            .read_line(&mut line)
            .map_err(|error| unreadable(&error))?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if text.is_empty() {
        let told = "there is no password: give it as the first line of standard input, or call the \
                    command at a terminal";
        return Err(Failure::Command(told.to_owned()));
    }
    NewPassword::parse(&text)
        .map_err(|violation| Failure::Command(format!("the password {}", violation.message)))
}

fn prompt(question: &str) -> Result<String, Failure> {
    rpassword::prompt_password(question).map_err(|error| unreadable(&error))
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::Command(format!("the password cannot be read: {error}"))
}
