//! Connections that wait for the next mail.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::connection::Connection;

/// The most connections that wait: as many as there are deliveries at once.
const CAPACITY: usize = 12;
/// The longest a connection waits: less than the five minutes that RFC 5321 asks of servers.
const IDLE_LIMIT: Duration = Duration::from_secs(60);
/// How long a waiting connection has to show that it lives.
const CHECK_LIMIT: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<Parked>>);

struct Parked {
    connection: Connection,
    since: Instant,
}

impl Pool {
    /// A waiting connection that still answers.
    pub(super) async fn take(&self) -> Option<Connection> {
        loop {
            let Parked {
                mut connection,
                since,
            } = self.parked().pop()?;
            // One that has waited too long, or is closed already, is closed by being dropped.
            if since.elapsed() >= IDLE_LIMIT {
                continue;
            }
            match timeout(CHECK_LIMIT, connection.test_connected()).await {
                Ok(true) => return Some(connection),
                Ok(false) => {}
                // A server that says nothing would say nothing on the others either, and asking
                // on each of them would use up the delivery's time.
                Err(_) => self.parked().clear(),
            }
        }
    }

    /// Keeps a connection for the next mail, or closes it when enough wait.
    pub(super) fn park(&self, connection: Connection) {
        let mut parked = self.parked();
        parked.retain(|other| other.since.elapsed() < IDLE_LIMIT);
        if parked.len() < CAPACITY {
            parked.push(Parked {
                connection,
                since: Instant::now(),
            });
        }
    }

    fn parked(&self) -> MutexGuard<'_, Vec<Parked>> {
        // No change of the list can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
