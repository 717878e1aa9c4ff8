//! Sends: one task for each connection, all on one thread.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, sleep_until, timeout};

use super::cannot;
use super::connection::Connection;
use super::counts::Counts;
use super::request::Request;
use super::schedule::Schedule;
use super::summary::Summary;
use crate::failure::Failure;
use crate::usage;

/// How long after the end an answer may still come.
const DRAIN: Duration = Duration::from_secs(10);

/// How long a connection rests that was refused or broke.
const REST: Duration = Duration::from_millis(20);

/// How many connections are opened at once; more could overflow the queue of the server.
const OPENED_AT_ONCE: usize = 64;

/// What all connections share.
struct Shared {
    frames: Vec<Vec<u8>>,
    schedule: Schedule,
    counts: RefCell<Counts>,
    heeds_retry_after: bool,
    end: Instant,
}

/// Sends requests as asked, and says what came back.
pub(super) fn run(request: &Request, frames: Vec<Vec<u8>>) -> Result<Summary, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| cannot("the load tool does not start", &error))?;
    LocalSet::new().block_on(&runtime, send(request, frames))
}

async fn send(request: &Request, frames: Vec<Vec<u8>>) -> Result<Summary, Failure> {
    let connections = open(request.address, request.connections).await?;
    let start = Instant::now();
    let begin = start + request.warm_up;
    let end = begin + request.measured;
    let shared = Rc::new(Shared {
        schedule: Schedule::new((start, end), frames.len(), request.once, request.rate),
        frames,
        counts: RefCell::new(Counts::new((begin, end), request.expected.clone())?),
        heeds_retry_after: request.heeds_retry_after,
        end,
    });
    let mut tasks = JoinSet::new();
    for connection in connections {
        tasks.spawn_local(serve(Rc::clone(&shared), connection));
    }

    let used = || request.process.map(usage::processor_time).transpose();
    let _ = timeout(
        begin.saturating_duration_since(Instant::now()),
        all(&mut tasks),
    )
    .await;
    let used_before = used()?;
    let _ = timeout(
        end.saturating_duration_since(Instant::now()),
        all(&mut tasks),
    )
    .await;
    let used_after = used()?;
    let _ = timeout(DRAIN, all(&mut tasks)).await;
    for _ in 0..tasks.len() {
        let late = format!("no answer within {} s of the end", DRAIN.as_secs());
        shared.counts.borrow_mut().failed(late);
    }
    tasks.shutdown().await;

    let shared = Rc::into_inner(shared)
        .ok_or_else(|| Failure::new("a connection of the load tool has not ended"))?;
    let counts = shared.counts.into_inner();
    // Requests that run out end it before its time.
    let measured = if request.once {
        counts.last().saturating_duration_since(begin)
    } else {
        request.measured
    };
    let processor = used_before
        .zip(used_after)
        .map(|(before, after)| after.saturating_sub(before));
    Ok(counts.summary(measured, processor))
}

/// Opens all connections, so that no request has to wait for that.
async fn open(address: SocketAddr, count: u32) -> Result<Vec<Connection>, Failure> {
    let mut opened = Vec::new();
    let mut left = count;
    while left > 0 {
        let mut opening = JoinSet::new();
        while left > 0 && opening.len() < OPENED_AT_ONCE {
            left = left.saturating_sub(1);
            opening.spawn_local(async move {
                let mut connection = Connection::to(address);
                connection.open().await.map(|()| connection)
            });
        }
        while let Some(connection) = opening.join_next().await {
            let connection = connection.map_err(|error| Failure::new(error.to_string()))?;
            opened.push(connection.map_err(|why| Failure::new(format!("{address}: {why}")))?);
        }
    }
    Ok(opened)
}

/// Waits until no task is left.
async fn all(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// Takes turns with one connection until there are none.
async fn serve(shared: Rc<Shared>, mut connection: Connection) {
    while let Some(turn) = shared.schedule.next(Instant::now()) {
        let Some(frame) = shared.frames.get(turn.frame) else {
            return;
        };
        if let Some(due) = turn.due {
            sleep_until(due.into()).await;
        }
        let since = Instant::now();
        let rest = match connection.exchange(frame).await {
            Ok(answer) => {
                let times = (since, Instant::now());
                let bytes = connection.last(&answer);
                let mut counts = shared.counts.borrow_mut();
                counts.answered(answer.status, times, turn.due, bytes);
                answer.retry_after.filter(|_| shared.heeds_retry_after)
            }
            Err(why) => {
                shared.counts.borrow_mut().failed(why);
                Some(REST)
            }
        };
        if let Some(rest) = rest {
            // Whoever would wait past the end has had the last turn.
            if Instant::now() + rest >= shared.end {
                return;
            }
            sleep(rest).await;
        }
    }
}
