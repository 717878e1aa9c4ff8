//! What the scripts of pending signups say.

use deadpool_redis::redis::Value;
use kogents_domain::cache::CacheError;
use kogents_domain::limits::Limit;
use kogents_domain::signup::{GuessBudgets, IssuedCode, Lease, PendingEntry, Replaced, TriedCode};

use crate::answer::{Answer, unknown};

pub(super) fn loaded(values: Vec<Value>) -> Result<Option<PendingEntry>, CacheError> {
    let (word, mut rest) = Answer::read(values)?;
    match word.as_str() {
        "gone" => Ok(None),
        "found" => entry(&mut rest).map(Some),
        other => Err(unknown(other)),
    }
}

pub(super) fn replaced(values: Vec<Value>) -> Result<Replaced, CacheError> {
    let (word, mut rest) = Answer::read(values)?;
    Ok(match word.as_str() {
        "gone" => Replaced::Gone,
        "leased" => Replaced::Leased,
        "moved" => Replaced::Moved,
        "done" => Replaced::Done {
            code_was_sent: rest.take()?,
        },
        other => return Err(unknown(other)),
    })
}

pub(super) fn issued(values: Vec<Value>, budgets: &GuessBudgets) -> Result<IssuedCode, CacheError> {
    let (word, mut rest) = Answer::read(values)?;
    Ok(match word.as_str() {
        "gone" => IssuedCode::Gone,
        "workspace_required" => IssuedCode::WorkspaceRequired,
        "locked" => IssuedCode::Locked {
            until: rest.take_moment()?,
            budget: budget(&mut rest, budgets)?,
        },
        "too_soon" => IssuedCode::TooSoon {
            until: rest.take_moment()?,
        },
        "issued" => IssuedCode::Issued {
            attempts_remaining: rest.take()?,
            expires_at: rest.take_moment()?,
            resend_available_at: rest.take_moment()?,
        },
        other => return Err(unknown(other)),
    })
}

pub(super) fn tried(values: Vec<Value>, budgets: &GuessBudgets) -> Result<TriedCode, CacheError> {
    let (word, mut rest) = Answer::read(values)?;
    Ok(match word.as_str() {
        "gone" => TriedCode::Gone,
        "in_progress" => TriedCode::InProgress,
        "locked" => TriedCode::Locked {
            until: rest.take_moment()?,
            budget: budget(&mut rest, budgets)?,
        },
        "no_code" => TriedCode::NoCode,
        "exhausted" => TriedCode::Exhausted,
        "wrong" => TriedCode::Wrong {
            attempts_remaining: rest.take()?,
        },
        "right" => {
            let entry = entry(&mut rest)?;
            let lease = Lease(rest.take()?);
            TriedCode::Right { lease, entry }
        }
        other => return Err(unknown(other)),
    })
}

/// The budget whose place a script says.
fn budget(rest: &mut Answer, budgets: &GuessBudgets) -> Result<Limit, CacheError> {
    let place: usize = rest.take()?;
    let mut budgets = budgets.iter();
    budgets
        .nth(place)
        .ok_or_else(|| unknown("a budget that there is not"))
}

fn entry(rest: &mut Answer) -> Result<PendingEntry, CacheError> {
    Ok(PendingEntry {
        sealed: rest.take()?,
        version: rest.take()?,
        expires_at: rest.take_moment()?,
        has_workspace: rest.take()?,
        code_was_sent: rest.take()?,
    })
}
