//! The threads that own the connections: one that writes, some that read.

mod lane;
mod worker;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use diesel::sqlite::SqliteConnection;
use kogents_domain::health::PoolFigures;

pub(crate) use lane::{Lane, Lease};

use crate::open::{Location, OpenError, Purpose};
use crate::store::SqliteOptions;

/// Everything that runs for one open database.
///
/// Units of work hold it as well as the store's handles do, so that it ends, and waits for its
/// threads, only when nobody can send them anything any more.
pub(crate) struct Engine {
    location: Location,
    options: SqliteOptions,
    writer: Crew,
    readers: Crew,
    /// Dropped after the threads have ended.
    _kept: Vec<Box<dyn Send + Sync>>,
}

/// Threads of one purpose, and the lane to them.
struct Crew {
    lane: Arc<Lane>,
    threads: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Starts the threads. `writer` is the connection that opened the database.
    pub(crate) fn start(
        location: Location,
        writer: SqliteConnection,
        options: SqliteOptions,
        kept: Vec<Box<dyn Send + Sync>>,
    ) -> Result<Self, OpenError> {
        let mut engine = Self {
            location,
            options,
            writer: Crew::empty(),
            readers: Crew::empty(),
            _kept: kept,
        };
        // From here on, dropping the engine ends whatever was started.
        engine
            .writer
            .hire(&engine.location, Purpose::Write, writer)?;
        for _ in 0..options.readers.max(1) {
            let reader = engine.location.connect(Purpose::Read)?;
            engine
                .readers
                .hire(&engine.location, Purpose::Read, reader)?;
        }
        Ok(engine)
    }

    pub(crate) fn path(&self) -> &Path {
        self.location.path()
    }

    pub(crate) const fn options(&self) -> &SqliteOptions {
        &self.options
    }

    /// The lane of the one thread that writes.
    pub(crate) const fn writer(&self) -> &Arc<Lane> {
        &self.writer.lane
    }

    /// The threads, each of which owns a connection, and who waits for one.
    pub(crate) fn pool_figures(&self) -> PoolFigures {
        let mut figures = PoolFigures::default();
        for crew in [&self.writer, &self.readers] {
            let load = crew.lane.load();
            let threads = u32::try_from(crew.threads.len()).unwrap_or(u32::MAX);
            figures.total += threads;
            figures.idle += load.idle.min(threads);
            figures.waiting += load.waiting;
            figures.timeouts_total += load.timeouts_total;
        }
        figures.active = figures.total.saturating_sub(figures.idle);
        figures.max = figures.total;
        figures
    }

    /// The lane of the threads that read.
    pub(crate) const fn readers(&self) -> &Arc<Lane> {
        &self.readers.lane
    }
}

impl Drop for Engine {
    /// Waits for what was sent and for the connections to close; the last of them, the writer,
    /// moves the write-ahead log into the file.
    fn drop(&mut self) {
        self.readers.dismiss();
        self.writer.dismiss();
    }
}

impl Crew {
    fn empty() -> Self {
        Self {
            lane: Arc::new(Lane::new()),
            threads: Vec::new(),
        }
    }

    fn hire(
        &mut self,
        location: &Location,
        purpose: Purpose,
        conn: SqliteConnection,
    ) -> Result<(), OpenError> {
        let (worker, thread) = worker::start(location.clone(), purpose, conn)
            .map_err(|error| OpenError::of_reason(location.path(), error.to_string()))?;
        self.threads.push(thread);
        self.lane.add(worker);
        Ok(())
    }

    fn dismiss(&mut self) {
        self.lane.close();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a database thread had panicked");
            }
        }
    }
}
