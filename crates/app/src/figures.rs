//! The figures of everything but the requests, for Prometheus. `docs/METRICS.md` lists them all.

mod build;
mod cache;
mod database;
mod limits;
mod mail;
mod passwords;
mod sampled;
mod tasks;
mod upkeep;

use prometheus::Registry;
use prometheus::core::Collector;

pub(crate) use build::register_build;
pub(crate) use cache::{CacheFigures, TimedOperation};
pub(crate) use database::{DatabaseFigures, QueryDurations};
pub(crate) use limits::{Decisions, LimitFigures};
pub(crate) use mail::MailFigures;
pub(crate) use passwords::{PasswordFigures, TimedJob};
pub(crate) use tasks::TaskFigures;
pub(crate) use upkeep::{Chore, UpkeepFigures};

/// Registers a figure and gives it back.
fn registered<C: Collector + Clone + 'static>(
    registry: &Registry,
    figure: Result<C, prometheus::Error>,
) -> Result<C, prometheus::Error> {
    let figure = figure?;
    registry.register(Box::new(figure.clone()))?;
    Ok(figure)
}

/// Milliseconds as seconds; exact to the millisecond for any moment until 2106. What is negative is
/// told as 0.
fn seconds(millis: i64) -> f64 {
    let millis = u64::try_from(millis).unwrap_or(0);
    let whole = u32::try_from(millis / 1_000).map_or(f64::from(u32::MAX), f64::from);
    let rest = u32::try_from(millis % 1_000).map_or(0.0, f64::from);
    whole + rest / 1_000.0
}

/// A number of things, as gauges have it.
fn count(things: usize) -> i64 {
    i64::try_from(things).unwrap_or(i64::MAX)
}
