//! The login flood: how authenticated requests fare meanwhile, and what memory it takes.

use std::time::Duration;

use super::asks::{self, Side};
use super::bed::Bed;
use super::contest::latency;
use super::driver::{Driver, Way};
use super::machine::cores;
use super::progress::Progress;
use super::report::{Bound, Latency};
use super::row::Row;
use super::session::Sessions;
use super::spread::Spread;
use super::started::Started;
use super::stop::Stop;
use super::written::figure;
use crate::failure::Failure;
use crate::load::summary::Summary;
use crate::numbers::{mebibytes, real};
use crate::usage;

/// How many connections log in, one after the other on each.
const LOGINS: u32 = 400;

/// How many authenticated requests are due each second, and over how many connections at most.
const RATE: u32 = 500;
const CONNECTIONS: u32 = 200;

/// How long they are counted at least.
const AT_LEAST: Duration = Duration::from_secs(10);

/// How long the same requests may take before it.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the flood flows before that, and after it.
const AROUND: Duration = Duration::from_secs(1);

/// The p99 that may not be exceeded, in milliseconds.
const MOST_MILLIS: f64 = 50.0;

/// What memory may be added: for each password that is hashed at once, and in all.
const EACH_MIB: f64 = 19.0;
const ALL_MIB: f64 = 64.0;

/// How often there is a flood at most.
const FLOODS: u32 = 3;

/// How much memory was taken, beside what an idle server takes.
pub(super) struct Memory {
    peaks: Vec<f64>,
}

/// How long a flood takes.
pub(super) fn takes(measured: Duration) -> Duration {
    measured
        .max(AT_LEAST)
        .saturating_add(AROUND.saturating_mul(3))
}

/// How many floods there are where so many rounds are asked for.
pub(super) fn count(rounds: u32) -> u32 {
    rounds.min(FLOODS)
}

/// Lets a fresh server be flooded.
pub(super) fn run(
    bed: &Bed,
    (measured, rounds): (Duration, u32),
    sessions: &Sessions,
    progress: &mut Progress,
    stop: &Stop,
) -> Result<(Bound, Memory), Failure> {
    let (server, _) = bed.server.start()?;
    let measured = measured.max(AT_LEAST);
    let (mut latencies, mut peaks, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count(rounds) {
        stop.check()?;
        let what = format!("flood {}", number.saturating_add(1));
        progress.part(Row::Flood.work(), &what, takes(measured));
        let (logins, others) = flood(bed, &server, sessions, measured)
            .or_else(|failure| stop.check().and(Err(failure)))?;
        let count = |status| logins.statuses.get(&status).copied().unwrap_or(0);
        let late = real(others.late_p99_micros) / 1_000.0;
        told.push(format!(
            "{} let in and {} told to come again later, p99 of being sent late {} ms",
            count(200),
            count(503),
            figure(late)
        ));
        latencies.push(latency(&others));
        peaks.push(mebibytes(usage::peak(server.process())?));
    }
    server.stop();
    Ok((of_latencies(&latencies, &told)?, Memory { peaks }))
}

/// Both loads at once; what became of the logins and of the others.
fn flood(
    bed: &Bed,
    server: &Started,
    sessions: &Sessions,
    measured: Duration,
) -> Result<(Summary, Summary), Failure> {
    let folder = bed.folder.root();
    let steady = sessions.steady.iter();
    let others: Vec<Vec<u8>> = steady
        .flat_map(|session| {
            let activity = asks::activity(session, bed.stores, Side::Server);
            [activity, asks::profile(session, Side::Server)]
        })
        .collect();
    let way = Way {
        connections: CONNECTIONS,
        rate: Some(RATE),
        measured,
        warm_up: AROUND,
        expected: vec![200, 204],
        once: false,
        heeds_retry_after: false,
    };
    // These sessions are at work already when the flood comes.
    let before = Way {
        rate: None,
        measured: PATIENCE,
        warm_up: Duration::ZERO,
        once: true,
        ..way.clone()
    };
    let what = "authenticated requests before the login flood";
    Driver::start((folder, "others"), what, &others, before, server)?.finish()?;

    usage::forget_peak(server.process())?;
    let logging_in: Vec<Vec<u8>> = sessions.signing_in.iter().map(asks::login).collect();
    let flooding = Way {
        connections: LOGINS,
        rate: None,
        measured: measured.saturating_add(AROUND.saturating_mul(3)),
        warm_up: Duration::ZERO,
        expected: vec![200, 503],
        once: false,
        heeds_retry_after: true,
    };
    let what = "the login flood";
    let logins = Driver::start((folder, "logins"), what, &logging_in, flooding, server)?;
    std::thread::sleep(AROUND);
    let what = "authenticated requests during the login flood";
    let others = Driver::start((folder, "others"), what, &others, way, server)?.finish()?;
    Ok((logins.finish()?, others))
}

fn of_latencies(latencies: &[Latency], told: &[String]) -> Result<Bound, Failure> {
    let at = |figure: fn(&Latency) -> f64| {
        Spread::of(latencies.iter().map(figure))
            .map(|spread| spread.median)
            .ok_or_else(|| Failure::new("there was no flood"))
    };
    let latency = Latency {
        p50: at(|latency| latency.p50)?,
        p95: at(|latency| latency.p95)?,
        p99: at(|latency| latency.p99)?,
        max: at(|latency| latency.max)?,
    };
    Ok(Bound {
        key: Row::Flood.key().to_owned(),
        work: Row::Flood.work().to_owned(),
        values: latencies.iter().map(|latency| latency.p99).collect(),
        value: latency.p99,
        most: MOST_MILLIS,
        unit: "ms".to_owned(),
        note: Some(format!(
            "p99 of {RATE} requests/s that are due by the clock, activity and profile in turn, \
             while {LOGINS} connections log in; of the logins {}",
            told.join("; ")
        )),
        latency: Some(latency),
    })
}

impl Memory {
    /// The row of it, beside an idle server that takes so much.
    pub(super) fn bound(self, base_mib: f64) -> Result<Bound, Failure> {
        let permits = real(u64::try_from(cores()).unwrap_or(u64::MAX));
        let spread = Spread::of(self.peaks.iter().copied())
            .ok_or_else(|| Failure::new("there was no flood"))?;
        Ok(Bound {
            key: Row::FloodMemory.key().to_owned(),
            work: Row::FloodMemory.work().to_owned(),
            values: self.peaks,
            // What does not fit once is not there the other times either.
            value: spread.most,
            most: permits.mul_add(EACH_MIB, base_mib + ALL_MIB),
            unit: "MiB".to_owned(),
            note: Some(format!(
                "at most {base_mib:.1} idle + {permits} hashed at once × {EACH_MIB} + {ALL_MIB}"
            )),
            latency: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_that_counts_is_the_worst_of_all_floods() {
        let memory = Memory {
            peaks: vec![90.0, 130.0, 110.0],
        };
        let bound = memory.bound(40.0).unwrap();
        assert!((bound.value - 130.0).abs() < 1e-9);
        let permits = real(u64::try_from(cores()).unwrap());
        assert!((bound.most - (104.0 + 19.0 * permits)).abs() < 1e-9);
        assert!(Memory { peaks: Vec::new() }.bound(40.0).is_err());
    }

    #[test]
    fn of_several_floods_the_median_counts() {
        let latency = |p99| Latency {
            p50: 1.0,
            p95: 2.0,
            p99,
            max: 90.0,
        };
        let told = ["3 let in".to_owned()];
        let bound = of_latencies(&[latency(70.0), latency(20.0), latency(30.0)], &told).unwrap();
        assert!((bound.value - 30.0).abs() < 1e-9);
        assert!(bound.is_kept());
        assert!(bound.note.unwrap().ends_with("of the logins 3 let in"));
        assert!(of_latencies(&[], &told).is_err());
    }
}
