//! How many connections of clients there may be, by what the system lets this process have open.

/// What is kept for everything but clients' connections: listeners, the database and its pool, the
/// cache's and the mail server's connections, the threads' own. A pool that is set larger than its
/// default has to have a quarter of the limit at least.
const OTHERS: u64 = 96;
/// However few there may be.
const LEAST: u64 = 16;
/// However many there may be: each takes memory.
const MOST: u64 = 50_000;

/// Raises what the system lets this process have open as far as it may be raised, and says how
/// many connections of clients fit into it. Whoever comes beyond waits in the system's queue: a
/// server that took everybody would have nothing left to serve them with.
pub(crate) fn connections() -> usize {
    let connections = fitting(raised());
    tracing::debug!(connections, "the most connections of clients at once");
    connections
}

fn fitting(limit: Option<u64>) -> usize {
    let limit = limit.unwrap_or(u64::MAX);
    let connections = limit.saturating_sub(OTHERS.max(limit / 4));
    usize::try_from(connections.clamp(LEAST, MOST)).unwrap_or(usize::MAX)
}

/// The limit, once it is as high as it may be; None where there is none.
#[cfg(target_os = "linux")]
fn raised() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it is");
            limit.current
        }
    }
}

/// What other systems give a process at least.
#[cfg(not(target_os = "linux"))]
const fn raised() -> Option<u64> {
    Some(256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r8_connections_leave_room_for_everything_else() {
        for (limit, fit) in [
            (Some(0), 16),
            (Some(100), 16),
            (Some(128), 32),
            (Some(1_024), 768),
            (Some(4_096), 3_072),
            (Some(1_048_576), 50_000),
            (None, 50_000),
        ] {
            assert_eq!(fitting(limit), fit, "{limit:?}");
        }
    }
}
