//! Where and when something was measured.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::shell;

/// Where and when a run was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Machine {
    /// The model of the processor.
    pub(super) processor: String,
    /// How many cores of it there are for us.
    pub(super) cores: usize,
    /// The memory in all.
    pub(super) memory_mib: u64,
    /// The system's kernel.
    pub(super) kernel: String,
    /// PostgreSQL, with what it does about durability.
    pub(super) database: Option<String>,
    /// Redis.
    pub(super) cache: Option<String>,
    /// The day, in UTC.
    pub(super) date: String,
    /// What was measured; a plus says that it was changed since.
    pub(super) revision: String,
}

impl Machine {
    /// This one, today, with these stores.
    pub(super) fn read(database: Option<String>, cache: Option<String>) -> Result<Self, Failure> {
        let processor = named(&file("/proc/cpuinfo"), "model name");
        let memory = named(&file("/proc/meminfo"), "MemTotal");
        let today = shell::output(Command::new("date").args(["-u", "+%Y-%m-%d"]), "date")?;
        Ok(Self {
            processor: processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: cores(),
            memory_mib: memory.as_deref().and_then(mebibytes).unwrap_or(0),
            kernel: format!("Linux {}", file("/proc/sys/kernel/osrelease").trim()),
            database,
            cache,
            date: today.trim().to_owned(),
            revision: revision(),
        })
    }

    /// In one line.
    pub(super) fn told(&self) -> String {
        let stores = self.database.iter().chain(&self.cache);
        let stores: String = stores.map(|store| format!(", {store}")).collect();
        format!(
            "{}, {} cores, {} MiB, {}{stores}; {}, revision {}",
            self.processor, self.cores, self.memory_mib, self.kernel, self.date, self.revision
        )
    }
}

/// How many cores there are for us.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The commit, in short.
fn revision() -> String {
    let root = shell::root();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        // A checkout may belong to another user, as it does in a container.
        command
            .arg("-c")
            .arg(format!("safe.directory={}", root.display()));
        command.args(arguments).current_dir(&root);
        shell::output(&mut command, "git")
    };
    let Ok(commit) = git(&["rev-parse", "--short", "HEAD"]) else {
        return "unknown".to_owned();
    };
    let changed = git(&["status", "--porcelain"]).is_ok_and(|changes| !changes.is_empty());
    format!("{}{}", commit.trim(), if changed { "+" } else { "" })
}

fn file(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// What stands behind a name and a colon.
fn named(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_owned())
}

/// `2048 kB` in mebibytes.
fn mebibytes(text: &str) -> Option<u64> {
    let kibibytes: u64 = text.strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_div(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_files_are_read_by_name() {
        let text = "processor\t: 0\nmodel name\t: Some CPU: fast\nmodel name\t: other\n";
        assert_eq!(named(text, "model name").unwrap(), "Some CPU: fast");
        assert_eq!(named(text, "flags"), None);
        assert_eq!(mebibytes("16384000 kB"), Some(16_000));
    }

    #[test]
    fn a_machine_is_told_with_its_stores() {
        let machine = super::super::sample::report().machine;
        assert_eq!(
            machine.told(),
            "Some CPU @ 2.80GHz, 2 cores, 16000 MiB, Linux 6.1, PostgreSQL 17.0, Redis 7.2; \
             2030-01-02, revision abc1234"
        );
    }
}
