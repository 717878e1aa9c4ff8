//! How long a start takes, and what memory a server takes that nobody has asked anything.

use std::time::Duration;

use super::bed::Bed;
use super::progress::Progress;
use super::report::Bound;
use super::row::Row;
use super::spread::Spread;
use super::stop::Stop;
use super::stores::Stores;
use crate::failure::Failure;
use crate::numbers::mebibytes;
use crate::usage;

/// How often the server is started.
const STARTS: u32 = 10;

/// How long an idle server is left alone.
const REST: Duration = Duration::from_secs(10);

/// What an idle server may take.
const IDLE_MIB: f64 = 80.0;

/// About how long all starts take, for the progress.
pub(super) const TAKE: Duration = Duration::from_secs(5);

/// What a start may take, in milliseconds.
const fn most_millis(stores: Stores) -> f64 {
    match stores {
        Stores::Shared => 150.0,
        Stores::Embedded => 100.0,
    }
}

/// Starts the server on its migrated database, again and again.
pub(super) fn run(bed: &Bed, progress: &mut Progress, stop: &Stop) -> Result<Bound, Failure> {
    progress.part(Row::Start.work(), "ten starts", TAKE);
    let mut millis = Vec::new();
    for _ in 0..STARTS {
        stop.check()?;
        let (server, took) = bed.server.start()?;
        server.stop();
        millis.push(took.as_secs_f64() * 1_000.0);
    }
    let spread = Spread::of(millis.iter().copied())
        .ok_or_else(|| Failure::new("the server was not started"))?;
    Ok(Bound {
        key: Row::Start.key().to_owned(),
        work: Row::Start.work().to_owned(),
        values: millis,
        value: spread.median,
        most: most_millis(bed.stores),
        unit: "ms".to_owned(),
        note: Some(format!(
            "the median of {STARTS} starts on a migrated database, {:.0} to {:.0} ms",
            spread.least, spread.most
        )),
        latency: None,
    })
}

/// Starts the server and leaves it alone.
pub(super) fn idle(bed: &Bed, progress: &mut Progress, stop: &Stop) -> Result<Bound, Failure> {
    stop.check()?;
    progress.part(Row::Idle.work(), "left alone", REST);
    let (server, _) = bed.server.start()?;
    std::thread::sleep(REST);
    let value = mebibytes(usage::resident(server.process())?);
    server.stop();
    Ok(Bound {
        key: Row::Idle.key().to_owned(),
        work: Row::Idle.work().to_owned(),
        values: vec![value],
        value,
        most: IDLE_MIB,
        unit: "MiB".to_owned(),
        note: Some(format!(
            "{} s after the start, without an IP database",
            REST.as_secs()
        )),
        latency: None,
    })
}
