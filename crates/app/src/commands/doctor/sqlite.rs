//! The database in a file: the file itself, what is in it, and the disk it is on.

use std::path::Path;

use kogents_adapter_sqlite::{Examination, OpenError};

use super::finding::Finding;
use super::{disk, postgres};

const CHECK: &str = "database";

/// What is known of a file and the disk under it.
#[derive(Debug)]
pub(super) struct Probed {
    /// None: there is no file yet.
    pub(super) examined: Option<Result<Examination, OpenError>>,
    /// The mode of the file's permissions.
    pub(super) mode: Option<u32>,
    /// The disk; None where it could not be asked.
    pub(super) disk: Option<disk::Disk>,
}

/// Judges what was found.
pub(super) fn judge(path: &Path, probed: Probed, migrates_on_start: bool) -> Vec<Finding> {
    let mut findings = match probed.examined {
        None => vec![absent(path, migrates_on_start)],
        Some(Err(error)) => {
            let fix = "let the server's user read and write the file, or correct DATABASE_URL";
            vec![Finding::failure(CHECK, error.to_string(), fix)]
        }
        Some(Ok(found)) => of_file(path, &found, migrates_on_start),
    };
    if let Some(mode) = probed.mode.filter(|mode| mode & 0o077 != 0) {
        let path = path.display();
        let said = format!(
            "others on this machine may open {path} (mode {:04o})",
            mode & 0o777
        );
        findings.push(Finding::warning(
            CHECK,
            said,
            format!("run: chmod 600 {path}"),
        ));
    }
    findings.extend(probed.disk.map(disk::judge));
    findings
}

fn absent(path: &Path, migrates_on_start: bool) -> Finding {
    let path = path.display();
    if migrates_on_start {
        return Finding::ok(CHECK, format!("SQLite: the first start makes {path}"));
    }
    let said = format!("there is no database at {path}, and MIGRATE_ON_START is false");
    Finding::failure(CHECK, said, "run: kogents migrate up")
}

fn of_file(path: &Path, found: &Examination, migrates_on_start: bool) -> Vec<Finding> {
    let said = format!("SQLite {} reads {}", found.version, path.display());
    let mut findings = vec![Finding::ok(CHECK, said)];
    findings.push(match (&found.newer, found.pending) {
        (Some(version), _) => postgres::newer(version),
        (None, 0) => Finding::ok("migrations", "the tables are up to date"),
        (None, 1) => postgres::behind("1 migration is pending".to_owned(), migrates_on_start),
        (None, many) => {
            postgres::behind(format!("{many} migrations are pending"), migrates_on_start)
        }
    });
    if found.journal != "wal" {
        let said = format!("the journal is {}, not the write-ahead log", found.journal);
        let fix = "start the server once, which changes it, or restore the file from a backup made \
                   by VACUUM INTO";
        findings.push(Finding::warning(CHECK, said, fix));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Level, worst};
    use super::*;

    fn judged(examined: Option<Examination>, mode: u32, migrates: bool) -> Level {
        let probed = Probed {
            examined: examined.map(Ok),
            mode: Some(mode),
            disk: None,
        };
        worst(&judge(Path::new("data/kogents.db"), probed, migrates))
    }

    fn healthy() -> Examination {
        Examination {
            version: "3.50.0".to_owned(),
            pending: 0,
            newer: None,
            journal: "wal".to_owned(),
        }
    }

    #[test]
    fn each_thing_that_is_not_right_is_told() {
        assert_eq!(judged(Some(healthy()), 0o600, false), Level::Ok);
        assert_eq!(judged(Some(healthy()), 0o644, false), Level::Warning);
        assert_eq!(judged(None, 0o600, true), Level::Ok);
        assert_eq!(judged(None, 0o600, false), Level::Failure);
        let behind = Examination {
            pending: 2,
            ..healthy()
        };
        assert_eq!(judged(Some(behind.clone()), 0o600, true), Level::Warning);
        assert_eq!(judged(Some(behind), 0o600, false), Level::Failure);
        let newer = Examination {
            newer: Some("0099".to_owned()),
            ..healthy()
        };
        assert_eq!(judged(Some(newer), 0o600, true), Level::Failure);
        let journal = Examination {
            journal: "delete".to_owned(),
            ..healthy()
        };
        assert_eq!(judged(Some(journal), 0o600, true), Level::Warning);
    }
}
