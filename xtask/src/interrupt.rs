//! Ctrl-C and its kin: what runs the tests is ended first, then ourselves in order, so that
//! servers and folders go too.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::sync::Once;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::{Failure, Outcome};
use crate::{process, shell};

/// The signals that are passed on. A hangup reaches the whole terminal by itself.
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// The command that runs now, or one of the two numbers below.
static RUNNING: AtomicU32 = AtomicU32::new(NOT_YET);

/// No command was run yet: what there is to stop stops by itself when this process is gone.
const NOT_YET: u32 = 0;

/// The last command has ended: this process is putting things in order.
const ENDED: u32 = u32::MAX;

/// The signal that came; 0 before one did.
static RECEIVED: AtomicI32 = AtomicI32::new(0);

/// From now on a signal ends the command that `run` runs; without one it ends this process.
pub(crate) fn watch() -> Outcome {
    static ONCE: Once = Once::new();
    let mut outcome = Ok(());
    ONCE.call_once(|| outcome = start());
    outcome
}

fn start() -> Outcome {
    let mut signals = Signals::new(SIGNALS)
        .map_err(|error| Failure::new(format!("signals cannot be watched: {error}")))?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let again = RECEIVED.swap(signal, Ordering::SeqCst) != 0;
            match RUNNING.load(Ordering::SeqCst) {
                running if again || running == NOT_YET => {
                    std::process::exit(i32::from(exit_code(signal)))
                }
                ENDED => {}
                // A terminal sends Ctrl-C to all, a service manager TERM to one: say it once more.
                running => {
                    process::signal("TERM", &running.to_string());
                }
            }
        }
    });
    Ok(())
}

/// Runs a command to its end, as `shell::run` does; a signal ends it and is then the outcome.
/// A second signal ends this process at once.
pub(crate) fn run(command: &mut Command, what: &str) -> Outcome {
    let received = RECEIVED.load(Ordering::SeqCst);
    if received != 0 {
        return Err(Failure::interrupted(exit_code(received)));
    }
    let mut child = command
        .spawn()
        .map_err(|error| shell::cannot_start(what, &error))?;
    RUNNING.store(child.id(), Ordering::SeqCst);
    let status = child.wait();
    RUNNING.store(ENDED, Ordering::SeqCst);
    let ended_by = status.as_ref().ok().and_then(ExitStatus::signal);
    match (RECEIVED.load(Ordering::SeqCst), ended_by) {
        // Ctrl-C may reach the command first.
        (0, Some(signal)) if SIGNALS.contains(&signal) => {
            Err(Failure::interrupted(exit_code(signal)))
        }
        (0, _) => shell::judge(status, what),
        (signal, _) => Err(Failure::interrupted(exit_code(signal))),
    }
}

/// What a shell says of a process that a signal ended.
fn exit_code(signal: i32) -> u8 {
    u8::try_from(signal).unwrap_or(1).saturating_add(128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_names_the_signal() {
        assert_eq!(exit_code(SIGINT), 130);
        assert_eq!(exit_code(SIGTERM), 143);
    }

    #[test]
    fn without_a_signal_a_command_is_judged_by_its_end() {
        assert!(run(&mut Command::new("true"), "the step").is_ok());
        let failure = run(&mut Command::new("false"), "the step").unwrap_err();
        assert!(failure.to_string().starts_with("the step failed"));
    }

    #[test]
    fn a_command_that_ctrl_c_ended_first_is_interrupted_too() {
        let mut command = Command::new("bash");
        command.args(["-c", "kill -INT $$; sleep 60"]);
        assert_eq!(run(&mut command, "the step").unwrap_err().exit_code(), 130);
    }
}
