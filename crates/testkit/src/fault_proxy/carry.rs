//! Carries one connection's octets, or fails to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;

use super::{Flow, Tally, Weather};
use crate::mutate::Dice;

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Both sides have closed.
    Closed,
    /// It was cut, or there is nobody left to tell it to.
    Cut,
    /// It was reset.
    Reset,
}

/// One direction of a connection.
struct Way<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    flow: fn(&Weather) -> Flow,
    weather: watch::Receiver<Weather>,
    made_at: u64,
    /// The change since which octets are counted, and how many came.
    counted: (u64, usize),
    arrived: &'a AtomicU64,
    dice: Dice,
}

/// Leads a client to the server until one of them, or the weather, ends it.
pub(super) async fn carry(
    number: usize,
    mut client: TcpStream,
    server: SocketAddr,
    weather: watch::Receiver<Weather>,
    tally: Arc<Tally>,
) {
    tally.open.fetch_add(1, Ordering::AcqRel);
    let end = match TcpStream::connect(server).await {
        Ok(mut server) => {
            let _ = client.set_nodelay(true);
            let _ = server.set_nodelay(true);
            let end = both(number, &mut client, &mut server, &weather, &tally).await;
            close(server, end);
            end
        }
        // What stands behind is away.
        Err(_) => End::Reset,
    };
    close(client, end);
    tally.open.fetch_sub(1, Ordering::AcqRel);
}

async fn both(
    number: usize,
    client: &mut TcpStream,
    server: &mut TcpStream,
    weather: &watch::Receiver<Weather>,
    tally: &Tally,
) -> End {
    let made_at = weather.borrow().change;
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let seed = u64::try_from(number).unwrap_or(0);
    let way = |from, to, flow, arrived, seed| Way {
        from,
        to,
        flow,
        weather: weather.clone(),
        made_at,
        counted: (made_at, 0),
        arrived,
        dice: Dice::new(seed),
    };
    let there = way(
        from_client,
        to_server,
        |weather| weather.to_server,
        &tally.to_server,
        2 * seed,
    );
    let back = way(
        from_server,
        to_client,
        |weather| weather.to_client,
        &tally.to_client,
        2 * seed + 1,
    );
    // Whatever ends one direction badly ends both; else each closes by itself.
    let (there, back) = (there.go(), back.go());
    tokio::pin!(there, back);
    let first = tokio::select! {
        end = &mut there => (end, true),
        end = &mut back => (end, false),
    };
    match first {
        (End::Closed, true) => back.await,
        (End::Closed, false) => there.await,
        (end @ (End::Cut | End::Reset), _) => end,
    }
}

fn close(stream: TcpStream, end: End) {
    if end == End::Reset {
        // Closing is a reset then.
        let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    }
    drop(stream);
}

impl Way<'_> {
    async fn go(mut self) -> End {
        let mut octets = vec![0; 16 * 1_024];
        loop {
            if self.is_reset() {
                return End::Reset;
            }
            let read = tokio::select! {
                read = self.from.read(&mut octets) => read,
                changed = self.weather.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return End::Cut,
                },
            };
            let Ok(count) = read else { return End::Reset };
            let end = if count == 0 {
                self.closes().await
            } else {
                self.passes(octets.get(..count).unwrap_or_default()).await
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    fn present(&self) -> (Flow, u64) {
        let weather = self.weather.borrow();
        let flow = if weather.silent_at > self.made_at {
            Flow::Lost
        } else {
            (self.flow)(&weather)
        };
        (flow, weather.change)
    }

    fn is_reset(&self) -> bool {
        self.weather.borrow().reset_at > self.made_at
    }

    /// The sender has closed its side. That is lost too where everything is.
    async fn closes(&mut self) -> Option<End> {
        while self.present().0 == Flow::Lost {
            if self.weather.changed().await.is_err() {
                return Some(End::Cut);
            }
            if self.is_reset() {
                return Some(End::Reset);
            }
        }
        let _ = self.to.shutdown().await;
        Some(End::Closed)
    }

    async fn passes(&mut self, octets: &[u8]) -> Option<End> {
        let (flow, change) = self.present();
        match flow {
            Flow::Pass => self.arrives(octets).await,
            Flow::Late { by, jitter } => {
                tokio::time::sleep(by + self.part_of(jitter)).await;
                self.arrives(octets).await
            }
            Flow::Lost => None,
            Flow::CutAfter(limit) => self.arrives_until(octets, limit, change, End::Cut).await,
            Flow::ResetAfter(limit) => self.arrives_until(octets, limit, change, End::Reset).await,
        }
    }

    async fn arrives(&mut self, octets: &[u8]) -> Option<End> {
        if self.to.write_all(octets).await.is_err() {
            return Some(End::Reset);
        }
        let count = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.arrived.fetch_add(count, Ordering::AcqRel);
        None
    }

    /// Lets octets arrive until so many have since a change.
    async fn arrives_until(
        &mut self,
        octets: &[u8],
        limit: usize,
        change: u64,
        end: End,
    ) -> Option<End> {
        let before = if self.counted.0 == change {
            self.counted.1
        } else {
            0
        };
        self.counted = (change, before + octets.len());
        let left = limit.saturating_sub(before);
        match octets.get(..left) {
            // All of them and perhaps more.
            None => self.arrives(octets).await,
            Some(last) => self.arrives(last).await.or(Some(end)),
        }
    }

    fn part_of(&mut self, jitter: Duration) -> Duration {
        let millis = u64::try_from(jitter.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.dice.roll() % millis.saturating_add(1))
    }
}
