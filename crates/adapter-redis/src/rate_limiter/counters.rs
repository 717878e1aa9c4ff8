//! How counters are told to scripts, and what scripts say of them.

use deadpool_redis::redis::ScriptInvocation;
use kogents_domain::cache::CacheError;
use kogents_domain::limits::{Charge, Level, LimitStanding, Taken};
use kogents_domain::time::{Span, Timestamp};

use crate::answer::{Answer, unknown};
use crate::keys::Keys;
use crate::link::SLACK;

/// The present moment in microseconds, and how much longer the server keeps a counter.
pub(crate) fn add_moment(step: &mut ScriptInvocation<'_>, now: Timestamp) {
    step.arg(now.as_millis().saturating_mul(1_000))
        .arg(SLACK.as_millis());
}

/// The moment, and every counter of the charges: its name, its interval and its depth.
pub(crate) fn add_counters(
    step: &mut ScriptInvocation<'_>,
    keys: &Keys,
    charges: &[Charge],
    now: Timestamp,
) {
    add_moment(step, now);
    for charge in charges {
        for (at, limit) in charge.limits.iter().enumerate() {
            step.key(keys.counter(charge, at))
                .arg(limit.interval_micros())
                .arg(limit.depth_micros());
        }
    }
}

/// Reads what a script said of counters, to its end: 1 for granted or 0 for refused, and the
/// levels. None for -1, where it could not count.
pub(crate) fn read_taken(
    mut answer: Answer,
    charges: &[Charge],
    now: Timestamp,
) -> Result<Option<Taken>, CacheError> {
    let granted: i64 = answer.take()?;
    let levels = levels(&answer.take_all::<String>()?)?;
    let refused_for = match granted {
        -1 => return Ok(None),
        0 => longest_wait(charges, &levels, now),
        1 => None,
        _ => return Err(unknown("neither granted nor refused")),
    };
    Ok(Some(Taken {
        refused_for,
        standings: standings(charges, &levels, now),
    }))
}

/// Levels as scripts tell them.
pub(crate) fn levels(told: &[String]) -> Result<Vec<Option<Level>>, CacheError> {
    told.iter()
        .map(|text| text.parse().map(Level::from_micros).map(Some))
        .collect::<Result<_, _>>()
        .map_err(|_| unknown("a level that is no number"))
}

/// How each counter stands, in the charges' order.
pub(crate) fn standings(
    charges: &[Charge],
    levels: &[Option<Level>],
    now: Timestamp,
) -> Vec<LimitStanding> {
    of_each(charges, levels)
        .flat_map(|(charge, levels)| charge.standings(levels, now))
        .collect()
}

/// The longest wait of a counter that refuses.
fn longest_wait(charges: &[Charge], levels: &[Option<Level>], now: Timestamp) -> Option<Span> {
    of_each(charges, levels)
        .filter_map(|(charge, levels)| charge.wait(levels, now))
        .max()
}

/// Each charge with the levels of its own counters.
fn of_each<'c>(
    charges: &'c [Charge],
    levels: &'c [Option<Level>],
) -> impl Iterator<Item = (&'c Charge, Vec<Option<Level>>)> {
    let mut rest = levels.iter().copied();
    charges
        .iter()
        .map(move |charge| (charge, rest.by_ref().take(charge.limits.len()).collect()))
}
