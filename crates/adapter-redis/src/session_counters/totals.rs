//! How counters of sessions are told to scripts, and what scripts say of them.

use deadpool_redis::redis::{ScriptInvocation, Value};
use kogents_domain::cache::CacheError;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{ActivityCount, SessionActivity, Unflushed};
use uuid::Uuid;

use crate::answer::{Answer, unknown};
use crate::link::SLACK;

/// What a script that counts takes: the session, how counters are kept, and what is counted.
pub(crate) fn add_counting(
    step: &mut ScriptInvocation<'_>,
    session: SessionId,
    counted: Option<ActivityCount>,
) {
    step.arg(session.to_string())
        .arg(SessionActivity::VISIT_GAP.as_millis())
        .arg(Unflushed::KEEP_UNFLUSHED.as_millis())
        .arg(Unflushed::KEEP_FLUSHED.as_millis())
        .arg(SLACK.as_millis());
    match counted {
        Some(counted) => step
            .arg(counted.requests)
            .arg(counted.pages)
            .arg(counted.actions),
        None => step.arg("").arg("").arg(""),
    };
}

/// The totals that the database has; of none nothing, six times.
pub(crate) fn add_totals(step: &mut ScriptInvocation<'_>, activity: Option<SessionActivity>) {
    let Some(activity) = activity else {
        for _ in 0..6 {
            step.arg("");
        }
        return;
    };
    step.arg(activity.total_requests)
        .arg(activity.pages_visited)
        .arg(activity.actions_performed)
        .arg(activity.engaged_millis)
        .arg(activity.visit_count)
        .arg(activity.last_activity_at.as_millis());
}

/// Reads the totals that a script said.
pub(super) fn read(values: Vec<Value>) -> Result<SessionActivity, CacheError> {
    take(&mut Answer::new(values))
}

/// Reads a session, its totals and their revision.
pub(super) fn read_unflushed(values: Vec<Value>) -> Result<Unflushed, CacheError> {
    let mut answer = Answer::new(values);
    let session: String = answer.take()?;
    Ok(Unflushed {
        session_id: Uuid::try_parse(&session)
            .map(SessionId::from_uuid)
            .map_err(|_| unknown("no session"))?,
        activity: take(&mut answer)?,
        revision: answer.take()?,
    })
}

fn take(answer: &mut Answer) -> Result<SessionActivity, CacheError> {
    Ok(SessionActivity {
        total_requests: answer.take()?,
        pages_visited: answer.take()?,
        actions_performed: answer.take()?,
        engaged_millis: answer.take()?,
        visit_count: answer.take()?,
        last_activity_at: answer.take_moment()?,
    })
}
