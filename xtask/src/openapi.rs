//! `cargo xtask openapi write|check`: the published document, kept in the repository.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::shell;

/// Where the document is kept.
const PATH: &str = "docs/openapi.json";

/// Writes the document, or compares the one that is kept with what the server publishes.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    match arguments {
        [verb] if verb == "write" => write(),
        [verb] if verb == "check" => check(),
        _ => Err(Failure::usage(
            "say `cargo xtask openapi write` or `cargo xtask openapi check`",
        )),
    }
}

fn write() -> Outcome {
    let document = published()?;
    fs::write(shell::root().join(PATH), document)
        .map_err(|error| Failure::new(format!("{PATH} cannot be written: {error}")))?;
    println!("{PATH} written");
    Ok(())
}

fn check() -> Outcome {
    compare(&kept(), &published()?)
}

/// The same check with the server that is built already, without asking cargo for it.
pub(crate) fn check_built() -> Outcome {
    let server = shell::metadata()?
        .target_directory
        .join("debug")
        .join("kogents");
    let mut command = Command::new(server);
    command.arg("openapi").current_dir(shell::root());
    compare(&kept(), &printed(&mut command, "kogents openapi")?)
}

/// The document in the repository; a missing one is an empty one.
fn kept() -> String {
    fs::read_to_string(shell::root().join(PATH)).unwrap_or_default()
}

fn compare(kept: &str, published: &str) -> Outcome {
    if kept == published {
        return Ok(());
    }
    let line = first_difference(kept, published);
    Err(Failure::new(format!(
        "{PATH} is not what the server publishes; run `cargo xtask openapi write` \
         (first difference in line {line})"
    )))
}

/// The number of the first line in which two texts differ.
fn first_difference(left: &str, right: &str) -> usize {
    left.lines()
        .zip(right.lines())
        .take_while(|(left, right)| left == right)
        .count()
        + 1
}

/// The document that the server of these sources publishes.
fn published() -> Result<String, Failure> {
    let arguments = ["run", "--quiet", "-p", "kogents", "--", "openapi"];
    printed(
        &mut shell::cargo(arguments),
        "cargo run -p kogents -- openapi",
    )
}

/// What a command prints, ending with one newline.
fn printed(command: &mut Command, what: &str) -> Result<String, Failure> {
    Ok(format!("{}\n", shell::output(command, what)?.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_says_what_to_run() {
        assert!(compare("{}\n", "{}\n").is_ok());
        let failure = compare("{\n  \"a\": 1\n}\n", "{\n  \"a\": 2\n}\n").unwrap_err();
        assert!(failure.to_string().contains("cargo xtask openapi write"));
        assert!(failure.to_string().contains("line 2"));
    }

    #[test]
    fn the_verb_is_required() {
        assert_eq!(run(&[]).unwrap_err().exit_code(), 2);
        assert_eq!(run(&["erase".to_owned()]).unwrap_err().exit_code(), 2);
    }
}
