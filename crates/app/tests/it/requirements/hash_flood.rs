//! S12: what a flood of sign-ins costs the server, and whom it keeps waiting. At full length with
//! `cargo xtask test slow`; its figures are in `docs/PERFORMANCE.md`.

mod callers;
mod probe;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::support::{Backend, Folder, PASSWORD, Program, is_slow, on_both};
use callers::{Counts, Patience, hang_up, keep_signing_in};
use probe::{Probe, Times};

on_both!(s12_a_flood_of_sign_ins_stays_within_its_memory);

const MIB: u64 = 1_024 * 1_024;
const PERMITS: u64 = 2;
/// What one hash works in.
const HASH: u64 = 19 * MIB;
const EMAIL: &str = "ada@example.com";

/// How much of it.
struct Flood {
    connections: usize,
    hang_ups: usize,
    /// What 99 of 100 looks at `/health/live` stay below.
    live_p99: Duration,
}

const FULL: Flood = Flood {
    connections: 400,
    hang_ups: 2_000,
    live_p99: Duration::from_millis(200),
};
/// Beside all other tests the time says little.
const SMALL: Flood = Flood {
    connections: 40,
    hang_ups: 100,
    live_p99: Duration::from_secs(5),
};

/// The limits on sign-ins are off: they would keep the flood from what is measured.
async fn s12_a_flood_of_sign_ins_stays_within_its_memory(backend: &Backend) {
    let flood = if is_slow() { FULL } else { SMALL };
    let folder = Folder::on(backend);
    let permits = PERMITS.to_string();
    let server = folder.start_with(&[
        ("RATE_LIMITS", "off"),
        ("PASSWORD_HASH_CONCURRENCY", &permits),
        // What a server says by default: at its most talkative it would do little else.
        ("LOG_LEVEL", "info"),
    ]);
    let base = memory_at_rest(&server).await;
    let bound = base + PERMITS * HASH + 64 * MIB;
    println!("{} MiB at rest, {} at most", base / MIB, bound / MIB);
    server.client.sign_up_and_confirm(EMAIL).await;

    let live = pour(&flood, Patience::AsTold, &server).await;
    assert!(live.percentile(99) < flood.live_p99);
    let live = pour(&flood, Patience::None, &server).await;
    // Callers who do not wait keep the server at refusing them, and a server that was not optimised
    // is slow at that: then the time is told and not judged.
    if !cfg!(debug_assertions) {
        assert!(live.percentile(99) < flood.live_p99);
    }

    let peak = memory(&server, "VmHWM");
    assert!(peak < bound, "{} of {} MiB", peak / MIB, bound / MIB);
    // Nothing of the flood is left in the way.
    server.client.log_in(EMAIL, PASSWORD).await.expect(200);
}

/// Has all of them sign in for as long as the hang-ups come, and says how long looks at liveness
/// took meanwhile.
async fn pour(flood: &Flood, patience: Patience, server: &Program) -> Times {
    let address = server.client.base().strip_prefix("http://").unwrap();
    let begun = Instant::now();
    let over = Arc::new(AtomicBool::new(false));
    let probe = Probe::start(address);
    let signing_in: Vec<_> = (0..flood.connections)
        .map(|number| {
            let caller = keep_signing_in(address.to_owned(), number, patience, over.clone());
            tokio::spawn(caller)
        })
        .collect();
    // Two hundred a second, so that they come for as long as the others do.
    let mut hanging_up = Vec::new();
    for number in 0..flood.hang_ups {
        hanging_up.push(tokio::spawn(hang_up(address.to_owned(), number)));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    join_all(hanging_up).await;
    let live = probe.finish();
    over.store(true, Ordering::Release);
    let counts = join_all(signing_in).await;
    let answers: Counts = counts.into_iter().map(Result::unwrap).sum();
    println!(
        "{} connections that wait {patience:?}, {} hang-ups in {:.1?}: {answers:?}; memory {} MiB, \
         at most {}; {} looks at liveness: p50 {:.1?}, p99 {:.1?}, longest {:.1?}",
        flood.connections,
        flood.hang_ups,
        begun.elapsed(),
        memory(server, "VmRSS") / MIB,
        memory(server, "VmHWM") / MIB,
        live.count(),
        live.percentile(50),
        live.percentile(99),
        live.percentile(100),
    );
    assert!(answers.judged > 0 && answers.other == 0, "{answers:?}");
    live
}

/// What the server takes before anybody comes, once it has loaded what it loads in the background.
async fn memory_at_rest(server: &Program) -> u64 {
    let mut steady = 0;
    let mut last = memory(server, "VmRSS");
    while steady < 10 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = memory(server, "VmRSS");
        steady = if now.abs_diff(last) < MIB {
            steady + 1
        } else {
            0
        };
        last = now;
    }
    last
}

/// A figure of `/proc/<id>/status`, in octets.
fn memory(server: &Program, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1_024
}
