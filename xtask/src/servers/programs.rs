//! The installed server programs: on PATH, else where distributions put them, newest first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::kind::Kind;
use super::version::Version;
use crate::shell;

/// Folders with a number for each release: in what they are, the name before the number, what
/// follows. Debian, Red Hat, Alpine, and the two places of Homebrew.
const NUMBERED: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
];

/// Folders that a PATH may lack.
const PLAIN: &[&str] = &[
    "/usr/bin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/local/sbin",
    "/opt/homebrew/bin",
    "/usr/local/pgsql/bin",
];

/// A set of programs that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    /// Where they are.
    pub(super) folder: PathBuf,
    /// The name of the one that serves.
    pub(super) server: &'static str,
    /// Which release they are.
    pub(super) version: Version,
}

/// The names of what is needed; any of these sets will do, and the server is its first.
fn names(kind: Kind) -> &'static [&'static [&'static str]] {
    match kind {
        Kind::Postgres => &[&["postgres", "initdb"]],
        Kind::Redis => &[&["redis-server"], &["valkey-server"]],
    }
}

/// The programs to use, or in plain words why there are none.
pub(super) fn find(kind: Kind) -> Result<Programs, String> {
    choose(
        kind,
        folders().iter().flat_map(|folder| in_folder(kind, folder)),
    )
}

/// An installed program of this name that comes with one of the servers.
#[cfg(any(feature = "bench", test))]
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let mut places = folders().into_iter().map(|folder| folder.join(name));
    places.find(|place| place.is_file())
}

/// The first that is new enough.
fn choose(kind: Kind, candidates: impl Iterator<Item = Programs>) -> Result<Programs, String> {
    let mut too_old = None;
    for programs in candidates {
        if programs.version.major() >= kind.oldest() {
            return Ok(programs);
        }
        too_old.get_or_insert(programs);
    }
    Err(match too_old {
        Some(programs) => format!(
            "{} in {} is {}, and {} is the oldest that will do",
            programs.server,
            programs.folder.display(),
            programs.version,
            kind.oldest()
        ),
        None => format!("no {} is installed", kind.name()),
    })
}

/// The sets of programs in a folder, each asked for its release.
fn in_folder(kind: Kind, folder: &Path) -> Vec<Programs> {
    names(kind)
        .iter()
        .filter(|set| set.iter().all(|name| folder.join(name).is_file()))
        .filter_map(|set| {
            let server = *set.first()?;
            let output = Command::new(folder.join(server)).arg("--version").output();
            let version = Version::parse(&String::from_utf8_lossy(&output.ok()?.stdout))?;
            Some(Programs {
                folder: folder.to_path_buf(),
                server,
                version,
            })
        })
        .collect()
}

/// Where to look, in this order.
fn folders() -> Vec<PathBuf> {
    let path = shell::variable("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .chain(numbered_folders())
        .chain(PLAIN.iter().map(PathBuf::from))
        .collect()
}

/// The numbered folders of this machine, the newest release first.
fn numbered_folders() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for (parent, before, after) in NUMBERED {
        let Ok(entries) = fs::read_dir(parent) else {
            continue;
        };
        for entry in entries.flatten() {
            if let Some(number) = number(&entry.file_name().to_string_lossy(), before) {
                found.push((number, entry.path().join(after)));
            }
        }
    }
    newest_first(found)
}

/// The release in a folder's name.
fn number(name: &str, before: &str) -> Option<u32> {
    name.strip_prefix(before)?.parse().ok()
}

fn newest_first(mut folders: Vec<(u32, PathBuf)>) -> Vec<PathBuf> {
    folders.sort_by(|(left, _), (right, _)| right.cmp(left));
    folders.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(folder: &str, version: &str) -> Programs {
        Programs {
            folder: folder.into(),
            server: "postgres",
            version: Version::parse(version).unwrap(),
        }
    }

    #[test]
    fn the_first_that_is_new_enough_is_chosen() {
        let all = [
            programs("/old", "13.2"),
            programs("/good", "15.1"),
            programs("/newer", "17.0"),
        ];
        let chosen = choose(Kind::Postgres, all.clone().into_iter()).unwrap();
        assert_eq!(chosen, all[1]);
    }

    #[test]
    fn programs_are_found_where_they_are() {
        assert!(program("sh").is_some_and(|path| path.ends_with("sh")));
        assert_eq!(program("no-such-program-of-a-server"), None);
    }

    #[test]
    fn without_one_the_reason_is_said() {
        let all = [programs("/old", "13.2"), programs("/older", "12.9")];
        assert_eq!(
            choose(Kind::Postgres, all.into_iter()).unwrap_err(),
            "postgres in /old is 13.2, and 15 is the oldest that will do"
        );
        assert_eq!(
            choose(Kind::Redis, std::iter::empty()).unwrap_err(),
            "no Redis is installed"
        );
    }

    #[test]
    fn releases_are_compared_as_numbers() {
        assert_eq!(number("postgresql16", "postgresql"), Some(16));
        assert_eq!(number("postgresql", "postgresql"), None);
        assert_eq!(number("lib", "pgsql-"), None);
        let folders = newest_first(vec![(9, "nine".into()), (15, "fifteen".into())]);
        assert_eq!(folders, [PathBuf::from("fifteen"), PathBuf::from("nine")]);
    }
}
