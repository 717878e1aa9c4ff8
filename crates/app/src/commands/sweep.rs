//! `kogents sweep`: does once, now, what servers do in the background about rows that have had their
//! time.

use std::fmt::Display;
use std::sync::Arc;

use clap::Args;
use serde_json::{Map, json};

use super::output::{print_line, table};
use super::read_config;
use crate::failure::Failure;
use crate::wiring::Sweeps;

/// How to tell what was done.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sweep {
    /// As JSON, for scripts
    #[arg(long)]
    json: bool,
}

/// The longest that another sweep is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
const GLANCE: std::time::Duration = std::time::Duration::from_millis(200);

/// How many rows each part handled.
type Handled = Vec<(&'static str, u64)>;

/// Sweeps, and tells how many rows each part handled.
pub(crate) async fn sweep(how: Sweep) -> Result<(), Failure> {
    let config = read_config()?;
    let sweeps = Sweeps::open(&config).await?;
    take_lease(&sweeps).await?;
    let done = all(&sweeps).await;
    // One that cannot be given back runs out.
    let _ = sweeps.lease.give_back().await;
    let handled = done?;
    if how.json {
        let rows: Map<_, _> = handled
            .iter()
            .map(|(name, rows)| ((*name).to_owned(), json!(rows)))
            .collect();
        return print_line(&json!({ "rows": rows }).to_string());
    }
    let rows = handled
        .iter()
        .map(|(name, rows)| [(*name).to_owned(), rows.to_string()]);
    for line in table(["PART", "ROWS"], rows) {
        print_line(&line)?;
    }
    Ok(())
}

async fn take_lease(sweeps: &Sweeps) -> Result<(), Failure> {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        let taken = sweeps.lease.take().await;
        if taken.map_err(|error| failed("lease", &error))? {
            return Ok(());
        }
        if std::time::Instant::now() >= deadline {
            let told = "a server is sweeping at this moment: try again in a while";
            return Err(Failure::Command(told.to_owned()));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Batch after batch of one part, until one finds nothing; the lease is kept before each.
async fn part<E: Display>(
    name: &'static str,
    sweeps: &Sweeps,
    handled: &mut Handled,
    batch: impl AsyncFn() -> Result<(u64, bool), E>,
) -> Result<(), Failure> {
    let mut total: u64 = 0;
    loop {
        let held = sweeps.lease.take().await;
        if !held.map_err(|error| failed(name, &error))? {
            let told = format!("{name}: a server took over; what is left is its own to sweep");
            return Err(Failure::Command(told));
        }
        let (rows, more) = batch().await.map_err(|error| failed(name, &error))?;
        total = total.saturating_add(rows);
        if !more {
            handled.push((name, total));
            return Ok(());
        }
    }
}

async fn all(sweeps: &Sweeps) -> Result<Handled, Failure> {
    let mut done = Vec::new();
    // There may be more after any batch that found something.
    macro_rules! parts {
        ($($name:literal: $part:ident),* $(,)?) => {$(
            let use_case = Arc::clone(&sweeps.$part);
            let batch = async || use_case.run().await.map(|rows| (rows, rows > 0));
            part($name, sweeps, &mut done, batch).await?;
        )*};
    }
    parts!("mail": outbox, "tokens": tokens, "invitations": invitations, "notices": notices);
    let made = async || sweeps.partitions.run().await.map(|rows| (rows, false));
    part("partitions", sweeps, &mut done, made).await?;
    let ended = async || {
        let swept = sweeps.sessions.run().await?;
        Ok::<_, kogents_usecases::session::SweepSessionsError>((swept.ended, swept.more))
    };
    part("sessions", sweeps, &mut done, ended).await?;
    parts!("minimised": minimise, "dropped": drop_old, "devices": drop_devices);
    let removed = async || {
        let swept = sweeps.audit.run().await?;
        Ok::<_, kogents_usecases::audit::SweepAuditError>((swept.removed, swept.more))
    };
    part("audit", sweeps, &mut done, removed).await?;
    Ok(done)
}

fn failed(part: &str, error: &dyn Display) -> Failure {
    Failure::Command(format!("{part}: {error}"))
}
