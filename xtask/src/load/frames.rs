//! The file of prepared requests: before each its length in four bytes.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};

/// Writes requests into a file.
pub(crate) fn write<'a>(path: &Path, requests: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut bytes = Vec::new();
    for request in requests {
        let length = u32::try_from(request.len())
            .map_err(|_| Failure::new("a request is larger than four gibibytes"))?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(request);
    }
    fs::write(path, bytes)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
}

/// The requests of a file; at least one.
pub(super) fn read(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = fs::read(path)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
    match split(&bytes) {
        Some(frames) if !frames.is_empty() => Ok(frames),
        _ => Err(Failure::new(format!("{} has no requests", path.display()))),
    }
}

fn split(mut rest: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (frame, after) = after.split_at_checked(length)?;
        frames.push(frame.to_vec());
        rest = after;
    }
    Some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    #[test]
    fn requests_come_back_as_they_were() {
        let folder = Folder::create("kogents-frames").unwrap();
        let path = folder.path("requests");
        let requests: [&[u8]; 3] = [b"GET / HTTP/1.1\r\n\r\n", b"", b"\0\0\0\x09"];
        write(&path, requests.iter().copied()).unwrap();
        assert_eq!(read(&path).unwrap(), requests);
    }

    #[test]
    fn what_is_cut_off_or_empty_is_refused() {
        assert_eq!(split(&[0, 0, 0, 2, 65]), None);
        assert_eq!(split(&[0, 0]), None);
        let folder = Folder::create("kogents-frames").unwrap();
        let path = folder.path("requests");
        write(&path, std::iter::empty()).unwrap();
        assert!(read(&path).is_err());
        assert!(read(&folder.path("none")).is_err());
    }
}
