//! How many files and connections the system lets a server have open.

use rustix::process::{Resource, getrlimit};

use super::finding::Finding;

const CHECK: &str = "open files";
/// What a server under load should have.
const WANTED: u64 = 4_096;
/// What it takes besides its pools: listeners, files, and the connections of a few clients.
const BESIDES: u64 = 512;

/// The limit of this process, as far as a server raises it for itself; None: there is none.
pub(super) fn probe() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}

/// Judges a limit. `pools` is how many connections to database and cache there may be.
pub(super) fn judge(limit: Option<u64>, pools: u64) -> Finding {
    let Some(limit) = limit else {
        return Finding::ok(CHECK, "there is no limit");
    };
    let said = format!("at most {limit} at once");
    let fix = format!(
        "raise the limit to {WANTED} or more: LimitNOFILE= in a unit, --ulimit nofile= of a \
         container, ulimit -n in a shell"
    );
    if limit < pools.saturating_add(BESIDES) {
        let said = format!("{said}, of which the pools alone take up to {pools}");
        Finding::failure(CHECK, said, fix)
    } else if limit < WANTED {
        Finding::warning(CHECK, said, fix)
    } else {
        Finding::ok(CHECK, said)
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn pools_and_clients_need_room() {
        let level = |limit| judge(limit, 26).level;
        assert_eq!(level(None), Level::Ok);
        assert_eq!(level(Some(4_096)), Level::Ok);
        assert_eq!(level(Some(1_024)), Level::Warning);
        assert_eq!(level(Some(256)), Level::Failure);
        assert_eq!(judge(Some(1_024), 1_000).level, Level::Failure);
    }
}
