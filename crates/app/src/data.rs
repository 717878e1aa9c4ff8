//! The data folder: made for the owner only where something needs it, held by one server at a time.

mod secrets;

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(crate) use secrets::GeneratedSecrets;

use crate::failure::Failure;

/// The name of the database in the folder.
const DATABASE: &str = "kogents.db";
/// The name of the lock in the folder.
const LOCK: &str = "kogents.lock";
/// The mode of files: for the owner only.
const FILE_MODE: u32 = 0o600;
/// The mode of folders: for the owner only.
const FOLDER_MODE: u32 = 0o700;

/// How long a server that only reads its secrets here waits for another one that does the same.
const TURN_LIMIT: Duration = Duration::from_secs(5);
const TURN_POLL: Duration = Duration::from_millis(20);

/// The data folder, ours until this is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Held, never read: the lock goes with the file.
    _lock: File,
}

impl DataFolder {
    /// Makes the folder where it is missing, and takes it.
    ///
    /// # Errors
    /// [`Failure::DataFolder`], or [`Failure::SecondInstance`] when another server has it.
    pub fn take(path: &Path) -> Result<Self, Failure> {
        let cannot = |reason| Failure::DataFolder {
            path: path.to_owned(),
            reason,
        };
        make_folder(path).map_err(cannot)?;
        let lock = open_private(&path.join(LOCK)).map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(Failure::SecondInstance {
                path: path.to_owned(),
            }),
            Err(TryLockError::Error(reason)) => Err(cannot(reason)),
        }
    }

    /// The same, waiting a little while another server has it.
    ///
    /// # Errors
    /// Those of [`take`](Self::take).
    pub(crate) async fn take_in_turn(path: &Path) -> Result<Self, Failure> {
        let deadline = Instant::now() + TURN_LIMIT;
        loop {
            match Self::take(path) {
                Err(Failure::SecondInstance { .. }) if Instant::now() < deadline => {
                    tokio::time::sleep(TURN_POLL).await;
                }
                taken => return taken,
            }
        }
    }

    /// Where the folder is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Where the SQLite database is: in the data folder, unless the configuration names another place.
pub(crate) fn database_file(data_dir: &Path, configured: Option<&Path>) -> PathBuf {
    configured.map_or_else(|| data_dir.join(DATABASE), Path::to_owned)
}

/// The same, with its folder made; the file is the store's to make.
pub(crate) fn database_path(
    data_dir: &Path,
    configured: Option<&Path>,
) -> Result<PathBuf, Failure> {
    let path = database_file(data_dir, configured);
    let folder = path.parent().unwrap_or(&path);
    make_folder(folder).map_err(|reason| Failure::DatabaseFolder {
        path: folder.to_owned(),
        reason,
    })?;
    Ok(path)
}

/// Takes a database file that is not in the data folder, by a lock beside it. Held until the file
/// is dropped.
pub(crate) fn claim_file(database: &Path) -> Result<File, Failure> {
    let path = database.with_added_extension("lock");
    let cannot = |reason| Failure::DatabaseFolder {
        path: path.clone(),
        reason,
    };
    let lock = open_private(&path).map_err(cannot)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Failure::DatabaseInUse {
            path: database.to_owned(),
        }),
        Err(TryLockError::Error(reason)) => Err(cannot(reason)),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
}

/// Opens a file to write, making it for the owner only where it is missing.
fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn s32_what_is_made_is_for_the_owner_only() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("a/data");
        let _folder = DataFolder::take(&path).unwrap();
        assert_eq!(database_path(&path, None).unwrap(), path.join(DATABASE));
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join(LOCK)), 0o600);
    }

    #[test]
    fn a_folder_has_one_server_at_a_time() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(parent.path()).unwrap();
        let second = DataFolder::take(parent.path());
        assert!(matches!(second, Err(Failure::SecondInstance { .. })));
        drop(folder);
        assert!(DataFolder::take(parent.path()).is_ok());
    }

    #[tokio::test]
    async fn servers_that_need_a_folder_for_a_moment_take_turns() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(parent.path()).unwrap();
        let leaving = async {
            tokio::time::sleep(TURN_POLL * 3).await;
            drop(folder);
        };
        let (taken, ()) = tokio::join!(DataFolder::take_in_turn(parent.path()), leaving);
        assert!(taken.is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        let failure = DataFolder::take(&file.join("data"))
            .unwrap_err()
            .to_string();
        assert!(failure.contains("file/data cannot be written"), "{failure}");
        assert_eq!(failure.lines().count(), 1);
    }

    #[test]
    fn a_database_elsewhere_gets_its_folder() {
        let parent = tempfile::tempdir().unwrap();
        let elsewhere = parent.path().join("other/k.db");
        let path = database_path(&parent.path().join("data"), Some(&elsewhere)).unwrap();
        assert_eq!(path, elsewhere);
        assert_eq!(mode(elsewhere.parent().unwrap()), 0o700);
    }
}
