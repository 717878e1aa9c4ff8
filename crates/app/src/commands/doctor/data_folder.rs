//! The data folder: there, writable, and for its owner only.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::finding::Finding;

const CHECK: &str = "data folder";

/// What is known of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Probed {
    /// It is there, with these permissions.
    Folder { writable: bool, mode: u32 },
    /// Something else is in its place.
    NoFolder,
    /// It is to be made in this one.
    Absent { parent: PathBuf, writable: bool },
}

/// Looks at the folder, or at the nearest one above it that is there. Writes nothing.
pub(super) fn probe(path: &Path) -> Probed {
    if let Ok(metadata) = std::fs::metadata(path) {
        if !metadata.is_dir() {
            return Probed::NoFolder;
        }
        return Probed::Folder {
            writable: is_writable(path),
            mode: metadata.permissions().mode() & 0o777,
        };
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let above = absolute.ancestors().find(|above| above.exists());
    let parent = above.unwrap_or(Path::new("/")).to_owned();
    let writable = parent.is_dir() && is_writable(&parent);
    Probed::Absent { parent, writable }
}

fn is_writable(path: &Path) -> bool {
    access(path, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Judges it.
pub(super) fn judge(path: &Path, probed: &Probed) -> Finding {
    let shown = path.display();
    let fix = "let the server's user own it, or set DATA_DIR to another folder";
    match probed {
        Probed::NoFolder => {
            let fix = "set DATA_DIR to a folder";
            Finding::failure(CHECK, format!("{shown} is not a folder"), fix)
        }
        Probed::Folder {
            writable: false, ..
        } => Finding::failure(CHECK, format!("{shown} cannot be written"), fix),
        Probed::Folder {
            writable: true,
            mode,
        } if mode & 0o077 != 0 => Finding::warning(
            CHECK,
            format!("{shown} is open to others on this machine (mode {mode:04o})"),
            format!("run: chmod 700 {shown}"),
        ),
        Probed::Folder { writable: true, .. } => {
            Finding::ok(CHECK, format!("{shown} can be written, by its owner only"))
        }
        Probed::Absent {
            parent,
            writable: false,
        } => {
            let said = format!("{shown} cannot be made in {}", parent.display());
            Finding::failure(CHECK, said, fix)
        }
        Probed::Absent { writable: true, .. } => {
            Finding::ok(CHECK, format!("the first start makes {shown}"))
        }
    }
}

/// Where nothing is kept in one.
pub(super) fn without_need() -> Finding {
    Finding::ok(
        CHECK,
        "none is needed: database, cache and secrets are elsewhere",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_folder_is_judged_by_what_it_is_and_who_may_enter() {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("a/data");
        let level = |path: &Path| judge(path, &probe(path)).level;
        assert_eq!(level(&data), Level::Ok);
        assert!(!data.exists(), "a look makes nothing");
        std::fs::create_dir_all(&data).unwrap();
        for (mode, expected) in [(0o700, Level::Ok), (0o755, Level::Warning)] {
            std::fs::set_permissions(&data, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(level(&data), expected, "{mode:o}");
        }
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(level(&file), Level::Failure);
        assert_eq!(level(&file.join("data")), Level::Failure);
        let locked = Probed::Folder {
            writable: false,
            mode: 0o500,
        };
        assert_eq!(judge(&data, &locked).level, Level::Failure);
    }
}
