//! Scripts run by bash, each command shown before it runs, within a limit of time.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::failure::{Failure, Outcome};
use crate::process;

/// Runs a script that stops at its first failing command; its output goes where ours goes.
pub(super) fn run(script: &str, folder: &Path, limit: Duration) -> Outcome {
    let script = format!("set -euo pipefail\nset -v\n{script}");
    let mut command = Command::new("bash");
    command
        .args(["-c", &script])
        .current_dir(folder)
        .stdin(Stdio::null());
    // A group of its own, so that at the limit the commands it started end with it.
    command.process_group(0);
    process::only_path_and_home(&mut command);
    let mut child = command
        .spawn()
        .map_err(|error| Failure::new(format!("bash could not be started: {error}")))?;
    match process::wait(&mut child, limit) {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(Failure::new(format!("the script failed ({status})"))),
        None => {
            process::signal("KILL", &format!("-{}", child.id()));
            let _ = child.wait();
            Err(Failure::new(format!(
                "the script took longer than {} s",
                limit.as_secs()
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn run_here(script: &str, limit: Duration) -> Outcome {
        run(script, &std::env::temp_dir(), limit)
    }

    #[test]
    fn the_first_failing_command_fails_the_script() {
        assert!(run_here("true\n", Duration::from_secs(20)).is_ok());
        let failure = run_here("false\ntrue\n", Duration::from_secs(20)).unwrap_err();
        assert!(failure.to_string().starts_with("the script failed"));
        assert!(run_here("false | true\n", Duration::from_secs(20)).is_err());
        assert!(run_here("echo \"$never_set\"\n", Duration::from_secs(20)).is_err());
    }

    #[test]
    fn a_script_that_hangs_is_ended_with_what_it_started() {
        let started = Instant::now();
        let failure = run_here("sleep 60 | cat\n", Duration::from_millis(200)).unwrap_err();
        assert!(failure.to_string().contains("longer than"));
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
