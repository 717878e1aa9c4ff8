//! The contract that every keeper of session snapshots and of the counters beside them keeps, as a
//! suite of named tests.
//!
//! A cache crate writes in `tests/it/main.rs`:
//!
//! ```ignore
//! async fn fresh_session_states() -> Arc<dyn SessionCache> {
//!     let limiter = MemoryRateLimiter::new(10_000);
//!     Arc::new(MemorySessionStates::new(10_000, limiter))
//! }
//!
//! kogents_testkit::session_states_contract!(fresh_session_states);
//! ```
//!
//! The maker may give an `Arc` of both ports, a [`Subject`](crate::subject::Subject), or an
//! `Option` of one, where `None` skips the case.
//!
//! **Adapters judge by the `now` that is passed.** Lifetimes that a server keeps by its own clock
//! are only a bound on what stays in its memory, and never shorter than what is promised. So the
//! cases begin at the real present moment and then pass later ones without waiting.

pub mod counting;
pub mod fences;
pub mod liveness;
pub mod snapshots;
pub mod support;

use kogents_domain::access::PermissionSet;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::limits::{Charge, LimitRule, LimitRules, LimitSubject};
use kogents_domain::session::{
    ActivityCount, SessionActivity, SessionCounters, SessionSnapshot, SessionStates, Touching,
    Vouched,
};
use kogents_domain::time::{Span, Timestamp};

use crate::builders::{lifetimes, unique_id};

/// Both ports of one cache of sessions.
pub trait SessionCache: SessionStates + SessionCounters {}

impl<T: SessionStates + SessionCounters> SessionCache for T {}

/// A request of a snapshot's session, which is counted, and counts against the session's own limit
/// by these rules.
#[must_use]
pub fn request_of(snapshot: &SessionSnapshot, rules: &LimitRules, now: Timestamp) -> Touching {
    Touching {
        user_id: snapshot.user_id,
        session_id: snapshot.session_id,
        charge: Charge {
            rule: LimitRule::GeneralSession,
            subject: LimitSubject::Session(snapshot.session_id),
            limits: rules.of(LimitRule::GeneralSession),
        },
        counted: Some(ActivityCount::REQUEST),
        session_idle: lifetimes().session_idle,
        now,
    }
}

/// What the database says of a session that made its first request at a moment.
#[must_use]
pub fn vouched_for(snapshot: &SessionSnapshot, version: Option<u64>, now: Timestamp) -> Vouched {
    Vouched {
        snapshot: *snapshot,
        version,
        activity: SessionActivity::starting(now),
        counted: Some(ActivityCount::REQUEST),
        now,
    }
}

/// The snapshot of a session of somebody new that lives for a week and was opened at a moment,
/// without a workspace. It holds other permissions than any other: of all bits of a set, so that a
/// cache that loses some shows.
#[must_use]
pub fn a_snapshot(opened_at: Timestamp) -> SessionSnapshot {
    let week = opened_at.plus(Span::from_secs(604_800));
    SessionSnapshot {
        session_id: SessionId::from_uuid(unique_id()),
        user_id: UserId::from_uuid(unique_id()),
        workspace_id: None,
        idle_expires_at: week,
        absolute_expires_at: week,
        held: other_permissions(),
    }
}

/// A set of permissions that no other call gives.
#[must_use]
pub fn other_permissions() -> PermissionSet {
    // The first bits of an id say when it was made, and are zero for a long time yet.
    PermissionSet::from_bits(!unique_id().as_u128())
}

/// Makes a test of every case that a keeper of session snapshots must pass. See
/// [`session_states_contract`](self).
#[macro_export]
macro_rules! session_states_contract {
    ($maker:path) => {
        $crate::contract_cases!($maker() => session_states_contract::snapshots {
            nothing_is_known_at_first,
            a_put_snapshot_is_known,
            a_snapshot_is_of_one_session_of_one_person,
            a_newer_snapshot_replaces_an_older,
            s16_a_snapshot_is_believed_for_a_minute,
            s18_a_snapshot_is_not_believed_past_its_end,
            a_snapshot_that_has_ended_is_not_put,
            asking_does_not_move_the_version,
            a_made_up_version_puts_nothing,
        });
        $crate::contract_cases!($maker() => session_states_contract::counting {
            a_request_of_a_known_session_is_counted,
            what_is_unknown_or_fenced_is_not_counted,
            a_request_that_adds_nothing_counts_and_moves_nothing,
            s24_what_its_limit_refuses_is_counted_all_the_same,
            s24_what_a_refused_report_tells_is_not_counted,
            putting_goes_on_from_the_greater_of_each_counter,
            putting_without_a_version_counts_and_keeps_no_snapshot,
            putting_what_may_not_be_known_counts_all_the_same,
            counters_outlive_fences_and_snapshots,
            parallel_requests_are_each_counted_once,
        });
        $crate::contract_cases!($maker() => session_states_contract::liveness {
            what_is_heard_of_a_session_moves_its_idle_end,
            s18_a_session_is_not_known_after_its_idle_end,
            s18_nothing_moves_the_absolute_end,
            what_was_heard_last_is_told_whatever_is_known,
        });
        $crate::contract_cases!($maker() => session_states_contract::fences {
            s16_behind_a_fence_nothing_is_known,
            s16_behind_a_fence_nothing_is_put,
            s16_lifting_drops_snapshots_and_moves_the_version,
            s16_what_was_read_before_a_fence_is_not_put_after_it,
            after_lifting_snapshots_can_be_put_again,
            s16_overlapping_fences_hold_until_the_last_is_lifted,
            a_fence_is_lifted_once,
            a_fence_runs_out,
            each_fence_runs_out_by_itself,
            s16_a_fence_that_ran_out_leaves_nothing_to_believe,
            s16_lifting_a_fence_that_ran_out_still_drops,
            a_fence_concerns_one_person,
            s16_parallel_stale_puts_leave_nothing_behind,
            s16_parallel_fences_are_all_counted,
        });
    };
}
