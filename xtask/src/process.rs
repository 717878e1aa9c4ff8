//! Processes that are watched: waiting with a limit, signals.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use crate::shell;

/// How often a child is asked whether it has ended.
const POLL: Duration = Duration::from_millis(20);

/// Waits for a child to end; nothing when it did not within the limit, or cannot be asked.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(POLL),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Sends a signal to a process, or with a leading `-` to its group, by the shell's own `kill`.
pub(crate) fn signal(name: &str, target: &str) -> bool {
    let script = format!("kill -{name} {target}");
    shell::works(Command::new("sh").args(["-c", &script]))
}

/// Ends a child that leads a group of its own: by this signal, and after the limit, with all of
/// its group, by force.
pub(crate) fn stop(child: &mut Child, name: &str, limit: Duration) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    signal(name, &child.id().to_string());
    if wait(child, limit).is_none() {
        signal("KILL", &format!("-{}", child.id()));
        // An error means that it has ended already, which is what is wanted.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Leaves a command nothing of our environment but where programs and the user's files are.
pub(crate) fn only_path_and_home(command: &mut Command) {
    command.env_clear();
    for name in ["PATH", "HOME"] {
        if let Some(value) = shell::variable(name) {
            command.env(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::process::Stdio;

    use super::*;

    fn started(script: &str) -> Child {
        Command::new("bash")
            .args(["-c", script])
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap()
    }

    #[test]
    fn the_limit_ends_the_wait_and_not_the_child() {
        let mut child = started("exec sleep 60");
        assert!(wait(&mut child, Duration::from_millis(60)).is_none());
        assert!(child.try_wait().unwrap().is_none());
        stop(&mut child, "TERM", Duration::from_secs(20));
        assert_eq!(child.wait().unwrap().signal(), Some(15));
    }

    #[test]
    fn who_ignores_the_signal_is_killed() {
        let mut child = started("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
        // Only once it has said so is the signal ignored.
        let mut said = [0_u8; 4];
        child.stdout.take().unwrap().read_exact(&mut said).unwrap();
        stop(&mut child, "TERM", Duration::from_millis(200));
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }
}
