//! A fresh folder of our own, removed at its end.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder below the system's temporary one, open to its owner only; dropping it removes it.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder; its name begins with what it is for.
    pub(crate) fn create(purpose: &str) -> Result<Self, Failure> {
        let parent = std::env::temp_dir();
        for attempt in 0..1000_u32 {
            let root = parent.join(format!("{purpose}-{}-{attempt}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&root) {
                Ok(()) => return Ok(Self { root }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(cannot(&parent, &error)),
            }
        }
        Err(Failure::new(format!(
            "{} is full of old folders {purpose}-…",
            parent.display()
        )))
    }

    /// Makes a folder inside and says where it is.
    pub(crate) fn subfolder(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path(name);
        fs::create_dir(&path).map_err(|error| cannot(&self.root, &error))?;
        Ok(path)
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.root) {
            eprintln!("{} cannot be removed: {error}", self.root.display());
        }
    }
}

fn cannot(parent: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "no folder can be made in {}: {error}",
        parent.display()
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn folders_are_distinct_private_and_vanish() {
        let one = Folder::create("kogents-folder").unwrap();
        let other = Folder::create("kogents-folder").unwrap();
        assert_ne!(one.root, other.root);
        let root = one.root().to_path_buf();
        assert_eq!(
            fs::metadata(&root).unwrap().permissions().mode() & 0o777,
            0o700
        );
        assert!(one.subfolder("work").unwrap().is_dir());
        drop(one);
        assert!(!root.exists());
    }
}
