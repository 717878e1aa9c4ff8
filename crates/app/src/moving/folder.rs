//! The folder of an export, and files that only their owner may read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::cannot;
use crate::failure::Failure;

const MANIFEST: &str = "manifest.json";

/// The folder of an export.
#[derive(Debug, Clone)]
pub(crate) struct ExportFolder(PathBuf);

impl ExportFolder {
    /// The folder of an export that there is.
    pub(crate) fn of(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder for a new export, for its owner only. One that is there is not written
    /// into: what it holds might be taken for a part of the export, and others may read it.
    pub(crate) fn make(path: &Path) -> Result<Self, Failure> {
        let made = DirBuilder::new().mode(0o700).create(path);
        made.map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                let told = "is there already: name a folder that is not";
                Failure::Command(format!("{} {told}", path.display()))
            } else {
                cannot("made", path, &error)
            }
        })?;
        Ok(Self(path.to_owned()))
    }

    /// Takes a folder that was made here away again, with what was written into it.
    pub(crate) fn give_up(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            let path = self.0.display();
            tracing::warn!(%path, %error, "a part of an export is left, with personal data in it");
        }
    }

    pub(super) fn manifest(&self) -> PathBuf {
        self.0.join(MANIFEST)
    }

    pub(super) fn table(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.jsonl"))
    }

    /// Makes sure that the names of the files are on the disk, too.
    pub(super) fn sync(&self) -> Result<(), Failure> {
        let synced = File::open(&self.0).and_then(|folder| folder.sync_all());
        synced.map_err(|error| cannot("written", &self.0, &error))
    }
}

/// Makes a file that is not there, for its owner only.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

/// The same with all of its content, on the disk.
pub(super) fn create_with(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_made_is_for_the_owner_only_and_never_what_was_there() {
        let parent = tempfile::tempdir().unwrap();
        let folder = ExportFolder::make(&parent.path().join("out")).unwrap();
        create_with(&folder.manifest(), b"{}").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.0), 0o700);
        assert_eq!(mode(&folder.manifest()), 0o600);
        assert!(create_with(&folder.manifest(), b"").is_err());
        let again = ExportFolder::make(&folder.0).unwrap_err().to_string();
        assert!(again.contains("is there already"), "{again}");
    }
}
