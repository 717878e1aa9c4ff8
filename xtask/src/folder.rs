//! A fresh folder for one walk, removed at its end.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A folder of our own below the system's temporary one; dropping it removes it.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder, and in it `work`, where the server and the scripts run.
    pub(super) fn create() -> Result<Self, Failure> {
        let parent = std::env::temp_dir();
        for attempt in 0..1000_u32 {
            let root = parent.join(format!(
                "kogents-quickstart-{}-{attempt}",
                std::process::id()
            ));
            match fs::create_dir(&root) {
                Ok(()) => {
                    let folder = Self { root };
                    fs::create_dir(folder.path("work")).map_err(|error| cannot(&parent, &error))?;
                    return Ok(folder);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(cannot(&parent, &error)),
            }
        }
        Err(Failure::new(format!(
            "{} is full of old quick starts",
            parent.display()
        )))
    }

    /// A path inside.
    pub(super) fn path(&self, name: &str) -> PathBuf {
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
    use super::*;

    #[test]
    fn folders_are_distinct_and_vanish() {
        let one = Folder::create().unwrap();
        let other = Folder::create().unwrap();
        assert_ne!(one.root, other.root);
        let root = one.root.clone();
        assert!(root.join("work").is_dir());
        drop(one);
        assert!(!root.exists());
    }
}
