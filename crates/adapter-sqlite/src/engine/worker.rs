//! One thread that owns one connection and runs what it is sent, in order.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

use diesel::sqlite::SqliteConnection;

use crate::open::{Location, Purpose};

/// What becomes of the connection after a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// The next job gets it as it is.
    Keep,
    /// It is in a state that nobody can use: close it, which rolls back, and open another.
    Replace,
}

/// Something to do on the connection.
pub(super) type Job = Box<dyn FnOnce(&mut SqliteConnection) -> After + Send>;

/// The way to a thread. The thread ends when every copy is gone.
pub(super) type Worker = Sender<Job>;

/// Starts a thread on a connection.
pub(super) fn start(
    location: Location,
    purpose: Purpose,
    conn: SqliteConnection,
) -> io::Result<(Worker, JoinHandle<()>)> {
    let (worker, jobs) = channel::<Job>();
    let name = match purpose {
        Purpose::Write => "sqlite-writer",
        Purpose::Read => "sqlite-reader",
    };
    let thread = Builder::new()
        .name(name.to_owned())
        .spawn(move || run(&location, purpose, conn, &jobs))?;
    Ok((worker, thread))
}

fn run(location: &Location, purpose: Purpose, mut conn: SqliteConnection, jobs: &Receiver<Job>) {
    for job in jobs {
        // A job that panics drops its answer, which its sender is told; the thread goes on.
        let after = catch_unwind(AssertUnwindSafe(|| job(&mut conn))).unwrap_or_else(|_| {
            tracing::error!("a database job panicked");
            After::Keep
        });
        match after {
            After::Keep => {}
            After::Replace => match location.connect(purpose) {
                Ok(fresh) => conn = fresh,
                Err(error) => tracing::error!(%error, "a connection was not replaced"),
            },
        }
    }
}
