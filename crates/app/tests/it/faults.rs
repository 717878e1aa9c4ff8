//! R3 to R8: what becomes of a server when what it stands on fails, or when its clients do.

mod aftermath;
mod cache;
mod clients;
mod crashing;
mod database;
mod descriptors;
mod hanging_up;
mod holding;
mod raw;
mod starting;
mod stopping;

use std::time::{Duration, Instant};

use kogents_testkit::fault_proxy::{Door, FaultProxy, Flow};

/// How long recovery may take, once what failed is back.
const RECOVERY: Duration = Duration::from_secs(5);
/// How long an answer may take while something is away, and some more for a machine that has
/// other things to do.
const IN_TIME: Duration = Duration::from_millis(2_000 + 500);

/// What happens to the network in front of a server.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// Connections end, and nobody listens any more.
    Refused,
    /// Connections stay and new ones are taken; nothing that is sent arrives.
    Swallowed,
    /// Nothing arrives, and nothing answers new connections.
    Silent,
    /// Every answer ends in a reset after so many octets.
    Reset(usize),
    /// Every answer ends in a close after so many octets.
    Cut(usize),
}

impl Fault {
    /// From now on it is so.
    async fn strike(self, proxy: &FaultProxy) {
        match self {
            Self::Refused => {
                proxy.door(Door::Refuses).await;
                proxy.reset();
            }
            Self::Swallowed => proxy.both(Flow::Lost),
            Self::Silent => {
                proxy.door(Door::Silent).await;
                proxy.both(Flow::Lost);
            }
            Self::Reset(octets) => proxy.to_client(Flow::ResetAfter(octets)),
            Self::Cut(octets) => proxy.to_client(Flow::CutAfter(octets)),
        }
    }
}

/// Asks until it is as before, for no longer than recovery may take.
async fn recovers(what: &str, mut asks: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !asks().await {
        assert!(since.elapsed() < RECOVERY, "{what} takes too long");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
