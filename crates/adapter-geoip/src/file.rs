//! Reads a file whole, and notices whether it is still the same one.

use std::fs::{File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::fault::Fault;

/// The most that is taken into memory, in bytes: several times the largest databases there are.
const LIMIT: u64 = 1 << 30;

/// What tells one state of a file from another: which file, how long, when written, and when
/// anything about it was changed, which nobody can set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    file: (u64, u64),
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// The present state of the file that a path leads to.
    pub(crate) fn of(path: &Path) -> Result<Self, Fault> {
        let metadata = std::fs::metadata(path)?;
        // Opening a pipe would wait for somebody to write into it.
        if metadata.is_file() {
            Ok(Self::from(&metadata))
        } else {
            Err(Fault::NotAFile)
        }
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            written: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// The whole file, if it is in this state before and after.
pub(crate) fn read(path: &Path, stamp: &Stamp) -> Result<Vec<u8>, Fault> {
    if stamp.size > LIMIT {
        return Err(Fault::TooLarge { limit: LIMIT });
    }
    let mut file = File::open(path)?;
    if Stamp::from(&file.metadata()?) != *stamp {
        return Err(Fault::Changing);
    }
    let size = usize::try_from(stamp.size).map_err(|_| Fault::TooLarge { limit: LIMIT })?;
    let mut bytes = Vec::new();
    // Little memory is a reason to go on with what there is, not to end the process.
    bytes
        .try_reserve_exact(size)
        .map_err(|_| Fault::Unreadable(std::io::ErrorKind::OutOfMemory))?;
    (&mut file).take(stamp.size).read_to_end(&mut bytes)?;
    if bytes.len() != size || Stamp::from(&file.metadata()?) != *stamp || Stamp::of(path)? != *stamp
    {
        return Err(Fault::Changing);
    }
    Ok(bytes)
}
