//! The disk under the data: how much is free, and whether it is this machine's own.

use std::path::Path;

use super::finding::Finding;

const CHECK: &str = "disk";
const MIB: u64 = 1_048_576;
/// Less than this is told.
const WARNING_MIB: u64 = 1_024;
/// With less than this the next hours are not safe.
const FAILURE_MIB: u64 = 100;

/// File systems of other machines, by the numbers that Linux knows them by (statfs(2)).
const NETWORK: [(u64, &str); 6] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
];

/// A disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Disk {
    /// What may still be written, in MiB.
    free_mib: u64,
    /// The protocol by which another machine has it.
    network: Option<&'static str>,
}

/// Asks the system about the disk under a path that is there.
pub(super) fn probe(path: &Path) -> Option<Disk> {
    let room = rustix::fs::statvfs(path).ok()?;
    let kind = rustix::fs::statfs(path).ok()?.f_type;
    // Some numbers come as negative ones where a word has 32 bits.
    let kind = u64::try_from(kind).ok();
    let network = NETWORK.iter().find(|(number, _)| Some(*number) == kind);
    Some(Disk {
        free_mib: room.f_bavail.saturating_mul(room.f_frsize) / MIB,
        network: network.map(|(_, name)| *name),
    })
}

/// Judges a disk with a SQLite database on it.
pub(super) fn judge(disk: Disk) -> Finding {
    if let Some(name) = disk.network {
        let said = format!("the database's folder is on another machine ({name})");
        let fix = "put it on a disk of this machine: the write-ahead log needs shared memory";
        return Finding::failure(CHECK, said, fix);
    }
    let said = format!("{} MiB are free under the database", disk.free_mib);
    let fix = "make room, or move the data folder to a larger disk";
    match disk.free_mib {
        free if free < FAILURE_MIB => Finding::failure(CHECK, said, fix),
        free if free < WARNING_MIB => Finding::warning(CHECK, said, fix),
        _ => Finding::ok(CHECK, said),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn little_room_and_other_machines_are_told() {
        let judged = |free_mib, network| judge(Disk { free_mib, network }).level;
        assert_eq!(judged(5_000, None), Level::Ok);
        assert_eq!(judged(1_023, None), Level::Warning);
        assert_eq!(judged(99, None), Level::Failure);
        assert_eq!(judged(5_000, Some("NFS")), Level::Failure);
    }

    #[test]
    fn the_disk_of_a_folder_can_be_asked() {
        assert!(probe(Path::new(".")).is_some());
        assert!(probe(Path::new("/no/such/folder")).is_none());
    }
}
