//! Stands in front of a TCP server and makes the network between fail, as a test tells it to.
//!
//! What flows in each direction and how new connections are taken are set apart, at any time, also
//! for connections that are open: [`FaultProxy::to_server`], [`FaultProxy::to_client`],
//! [`FaultProxy::door`]. The proxy runs on a thread of its own, so that a test that blocks does not
//! stop the network too.

mod carry;
mod door;
#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

/// What becomes of what is sent in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// It arrives.
    #[default]
    Pass,
    /// It arrives so much later and up to `jitter` more, by dice that fall the same in every run.
    Late {
        /// The least that it takes.
        by: Duration,
        /// What may be added to it.
        jitter: Duration,
    },
    /// It does not arrive, and nobody is told, nor that a side has closed.
    Lost,
    /// On each connection so many more octets arrive; then both sides are closed in order.
    CutAfter(usize),
    /// On each connection so many more octets arrive; then both sides are reset.
    ResetAfter(usize),
}

/// How new connections are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// They are taken, and led to the server.
    Open,
    /// They are refused, as where nobody listens.
    Refuses,
    /// Nothing answers them, as behind a wall that drops packets.
    Silent,
}

/// What holds for the connections.
#[derive(Debug, Clone, Copy, Default)]
struct Weather {
    to_server: Flow,
    to_client: Flow,
    /// Moves with every change, so that what is counted is counted from it on.
    change: u64,
    /// Connections that were made before this change are to be reset.
    reset_at: u64,
    /// On connections that were made before this change everything is lost.
    silent_at: u64,
}

/// What came about.
#[derive(Debug, Default)]
struct Tally {
    connections: AtomicUsize,
    open: AtomicUsize,
    to_server: AtomicU64,
    to_client: AtomicU64,
}

/// A proxy in front of one server. It ends, with its connections, when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    doors: mpsc::UnboundedSender<(Door, oneshot::Sender<()>)>,
    tally: Arc<Tally>,
}

impl FaultProxy {
    /// A proxy on a port of its own of this machine, which lets everything pass at first.
    ///
    /// # Panics
    /// When the system gives no port or no thread.
    #[must_use]
    pub fn before(server: SocketAddr) -> Self {
        let port = door::Port::choose();
        let address = port.address();
        // Whoever calls from now on waits until the thread has begun.
        let first = port.open();
        let (weather, seen) = watch::channel(Weather::default());
        let (doors, told) = mpsc::unbounded_channel();
        let tally = Arc::new(Tally::default());
        let counted = Arc::clone(&tally);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime for the proxy");
        std::thread::spawn(move || {
            // The connections' tasks end with the runtime.
            runtime.block_on(door::keep(port, first, server, seen, told, counted));
        });
        Self {
            address,
            weather,
            doors,
            tally,
        }
    }

    /// The same in front of a server on a port of this machine.
    #[must_use]
    pub fn before_port(port: u16) -> Self {
        Self::before((Ipv4Addr::LOCALHOST, port).into())
    }

    /// Where clients call it.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What becomes from now on of what clients send.
    pub fn to_server(&self, flow: Flow) {
        self.change(|weather| weather.to_server = flow);
    }

    /// What becomes from now on of what the server sends.
    pub fn to_client(&self, flow: Flow) {
        self.change(|weather| weather.to_client = flow);
    }

    /// The same for either.
    pub fn both(&self, flow: Flow) {
        self.change(|weather| {
            weather.to_server = flow;
            weather.to_client = flow;
        });
    }

    /// Resets every connection that is open.
    pub fn reset(&self) {
        self.change(|weather| weather.reset_at = weather.change + 1);
    }

    /// Makes every connection that is open lose everything, for ever; later ones are not affected.
    pub fn silence(&self) {
        self.change(|weather| weather.silent_at = weather.change + 1);
    }

    /// How new connections are taken, once this returns.
    ///
    /// # Panics
    /// When the proxy's thread has died.
    pub async fn door(&self, door: Door) {
        let (done, is_done) = oneshot::channel();
        self.doors.send((door, done)).expect("the proxy runs");
        is_done.await.expect("the proxy runs");
    }

    /// Everything passes again. What was lost stays lost.
    pub async fn heal(&self) {
        self.both(Flow::Pass);
        self.door(Door::Open).await;
    }

    /// How many connections were taken so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.tally.connections.load(Ordering::Acquire)
    }

    /// How many of them are open.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.tally.open.load(Ordering::Acquire)
    }

    /// How many octets have arrived at the server.
    #[must_use]
    pub fn octets_to_server(&self) -> u64 {
        self.tally.to_server.load(Ordering::Acquire)
    }

    /// How many octets have arrived at clients.
    #[must_use]
    pub fn octets_to_client(&self) -> u64 {
        self.tally.to_client.load(Ordering::Acquire)
    }

    fn change(&self, how: impl FnOnce(&mut Weather)) {
        self.weather.send_modify(|weather| {
            how(weather);
            weather.change += 1;
        });
    }
}
