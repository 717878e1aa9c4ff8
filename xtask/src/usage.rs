//! What a process uses of the machine, as Linux tells it below `/proc`.

use std::fs;
use std::time::Duration;

use crate::failure::{Failure, Outcome};

/// How often a second the kernel counts for programs: on every architecture that this runs on.
const TICKS_A_SECOND: u64 = 100;

/// The processor time that a process has used so far, with that of threads that have ended.
pub(crate) fn processor_time(process: u32) -> Result<Duration, Failure> {
    let stat = read(process, "stat")?;
    ticks(&stat)
        .map(|ticks| Duration::from_millis(ticks.saturating_mul(1_000 / TICKS_A_SECOND)))
        .ok_or_else(|| unreadable(process, "stat"))
}

/// How many bytes of a process are in memory now.
pub(crate) fn resident(process: u32) -> Result<u64, Failure> {
    memory(process, "VmRSS:")
}

/// How many bytes of it were in memory at most since the start, or since the peak was forgotten.
pub(crate) fn peak(process: u32) -> Result<u64, Failure> {
    memory(process, "VmHWM:")
}

/// Lets the peak begin anew at what is in memory now.
pub(crate) fn forget_peak(process: u32) -> Outcome {
    let path = format!("/proc/{process}/clear_refs");
    fs::write(&path, "5")
        .map_err(|error| Failure::new(format!("{path} cannot be written to: {error}")))
}

fn memory(process: u32, name: &str) -> Result<u64, Failure> {
    let status = read(process, "status")?;
    bytes(&status, name).ok_or_else(|| unreadable(process, "status"))
}

fn read(process: u32, file: &str) -> Result<String, Failure> {
    let path = format!("/proc/{process}/{file}");
    fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("{path} cannot be read: {error}")))
}

fn unreadable(process: u32, file: &str) -> Failure {
    Failure::new(format!("/proc/{process}/{file} is not understood"))
}

/// The time in the program and in the kernel for it, the 14th and 15th field; the second, the
/// name, may hold blanks and ends with the last parenthesis.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let program: u64 = fields.next()?.parse().ok()?;
    let kernel: u64 = fields.next()?.parse().ok()?;
    program.checked_add(kernel)
}

/// A line such as `VmHWM:     1234 kB`.
fn bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kibibytes.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_that_in_the_program_and_in_the_kernel() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 3 0 12 30 7 8 20 0 9 0 555\n";
        assert_eq!(ticks(stat), Some(42));
        assert_eq!(ticks("42 (short) S 1"), None);
        assert_eq!(ticks(""), None);
    }

    #[test]
    fn memory_is_found_by_its_name() {
        let status = "Name:\tkogents\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(bytes(status, "VmHWM:"), Some(2_097_152));
        assert_eq!(bytes(status, "VmRSS:"), Some(1_048_576));
        assert_eq!(bytes(status, "VmSwap:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_uses_something() {
        let own = std::process::id();
        assert!(resident(own).unwrap() > 100_000);
        assert!(peak(own).unwrap() >= resident(own).unwrap() / 2);
        processor_time(own).unwrap();
        forget_peak(own).unwrap();
        assert!(resident(u32::MAX).is_err());
    }
}
