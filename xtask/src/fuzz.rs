//! `cargo xtask fuzz [TARGET…] [-- SECONDS]`: lets cargo-fuzz look for inputs that break the laws
//! of a parser.

mod targets;

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::{interrupt, shell};

/// The folder of the workspace of the fuzz targets.
const FOLDER: &str = "fuzz";
/// How long each target runs when nothing is said.
const DEFAULT_SECONDS: u32 = 60;
/// The longest input that is tried, in octets: as long as the largest body.
const MAX_LENGTH: u32 = 65_536;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    targets: Vec<String>,
    seconds: u32,
}

/// Runs the named targets, or all of them, one after another.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let request = read(arguments, &targets::all()?)?;
    if !shell::works(&mut shell::cargo(["fuzz", "--version"])) {
        return Err(Failure::new(
            "cargo-fuzz is missing: `cargo install cargo-fuzz` installs it",
        ));
    }
    let compiler = shell::variable("CXX").unwrap_or_else(|| "c++".into());
    if !shell::works(Command::new(compiler).arg("--version")) {
        return Err(Failure::new(
            "a C++ compiler is missing, with which libFuzzer is built: install one (on Debian the \
             package `g++`), or name it in CXX",
        ));
    }
    interrupt::watch()?;
    for target in &request.targets {
        println!("==> {target}: {} s", request.seconds);
        let mut command = shell::cargo(command(target, request.seconds));
        std::fs::create_dir_all(shell::root().join(found(target)))
            .map_err(|error| Failure::new(format!("{} cannot be made: {error}", found(target))))?;
        interrupt::run(&mut command, &format!("fuzzing {target}"))?;
    }
    Ok(())
}

/// Reads the arguments: names of targets, then, behind `--`, the seconds for each.
fn read(arguments: &[String], known: &[String]) -> Result<Request, Failure> {
    let mut parts = arguments.splitn(2, |argument| argument == "--");
    let named = parts.next().unwrap_or_default();
    for name in named {
        if !known.contains(name) {
            return Err(Failure::usage(format!(
                "there is no fuzz target '{name}'; there are: {}",
                known.join(", ")
            )));
        }
    }
    let seconds = match parts.next() {
        None => DEFAULT_SECONDS,
        Some([seconds]) => seconds
            .parse()
            .ok()
            .filter(|seconds| *seconds > 0)
            .ok_or_else(|| Failure::usage(format!("'{seconds}' is no number of seconds")))?,
        Some(_) => {
            return Err(Failure::usage(
                "say `cargo xtask fuzz [TARGET…] [-- SECONDS]`",
            ));
        }
    };
    let targets = if named.is_empty() { known } else { named };
    Ok(Request {
        targets: targets.to_vec(),
        seconds,
    })
}

/// The arguments for cargo. New inputs go to a folder that git ignores; the committed corpus is
/// where the search begins.
///
/// The address sanitizer is left out: it wants a nightly compiler, and what it finds is misuse of
/// memory, which our crates cannot commit, since they forbid unsafe code. What is left of
/// cargo-fuzz's flags, those that make the compiler count what is reached, a stable compiler takes.
fn command(target: &str, seconds: u32) -> Vec<String> {
    vec![
        "fuzz".to_owned(),
        "run".to_owned(),
        "--fuzz-dir".to_owned(),
        FOLDER.to_owned(),
        "--sanitizer".to_owned(),
        "none".to_owned(),
        target.to_owned(),
        found(target),
        format!("crates/testkit/corpus/{target}"),
        "--".to_owned(),
        format!("-max_total_time={seconds}"),
        format!("-max_len={MAX_LENGTH}"),
    ]
}

/// Where inputs that reach something new are kept.
fn found(target: &str) -> String {
    format!("{FOLDER}/corpus/{target}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn asked(text: &str) -> Result<Request, Failure> {
        read(&words(text), &words("body cursor"))
    }

    #[test]
    fn all_targets_run_a_minute_when_nothing_is_said() {
        let request = asked("").unwrap();
        assert_eq!(request.targets, ["body", "cursor"]);
        assert_eq!(request.seconds, 60);
    }

    #[test]
    fn targets_and_seconds_can_be_said() {
        let request = asked("cursor -- 5").unwrap();
        assert_eq!(request.targets, ["cursor"]);
        assert_eq!(request.seconds, 5);
        assert_eq!(asked("-- 7").unwrap().targets, ["body", "cursor"]);
    }

    #[test]
    fn what_is_neither_is_a_usage_error() {
        let failure = asked("bdy").unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert!(failure.to_string().contains("body, cursor"), "{failure}");
        for wrong in ["body --", "body -- x", "body -- 0", "body -- -1", "-- 5 6"] {
            assert_eq!(asked(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn the_search_begins_with_the_committed_corpus() {
        let command = command("body", 5).join(" ");
        assert!(command.contains("body fuzz/corpus/body crates/testkit/corpus/body -- "));
        assert!(command.ends_with("-max_total_time=5 -max_len=65536"));
    }
}
