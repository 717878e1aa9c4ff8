//! A cache, and a store behind it, that are asked about Ada's first session.

use kogents_domain::access::{PermissionSet, SystemRole};
use kogents_domain::cache::CacheError;
use kogents_domain::limits::{Charge, LimitRule, LimitRules, LimitSubject, Taken};
use kogents_domain::session::{
    ActivityCount, MockSessionStates, Session, SessionActivity, SessionSnapshot, Touch, Touched,
    Touching, Vouched,
};
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_testkit::builders::a_role;
use mockall::predicate::eq;

use super::{Bench, LIFETIMES, T0, ada_id, session_id, workspace_id};

/// A request of the session that adds this to its counters.
fn touching(counted: Option<ActivityCount>) -> Touching {
    let rule = LimitRule::GeneralSession;
    Touching {
        user_id: ada_id(),
        session_id: session_id(1),
        charge: Charge {
            rule,
            subject: LimitSubject::Session(session_id(1)),
            limits: LimitRules::default().of(rule),
        },
        counted,
        session_idle: LIFETIMES.session_idle,
        now: T0,
    }
}

/// A cache that says this of the session, and that its limit allows the request.
pub(crate) fn touched(touch: Touch, heard_at: Option<Timestamp>) -> Touched {
    Touched {
        touch,
        heard_at,
        taken: Some(Taken::default()),
    }
}

/// A cache that is asked once, by a request that adds this to the session's counters.
pub(crate) fn cache(
    counted: Option<ActivityCount>,
    answer: Result<Touched, CacheError>,
) -> MockSessionStates {
    let mut states = MockSessionStates::new();
    states
        .expect_touch()
        .with(eq(touching(counted)))
        .times(1)
        .return_once(move |_| answer);
    states
}

/// The same cache, into which this is put once.
pub(crate) fn puts(mut states: MockSessionStates, vouched: Vouched) -> MockSessionStates {
    states
        .expect_put()
        .with(eq(vouched))
        .times(1)
        .returning(|_| Ok(()));
    states
}

/// The database is asked once.
pub(crate) fn finds_with_activity(bench: &Bench, found: Option<(Session, SessionActivity)>) {
    bench.reads(Scope::Person(ada_id()), |unit| {
        unit.sessions
            .expect_find_with_activity()
            .with(eq(ada_id()), eq(session_id(1)))
            .times(1)
            .return_once(|_, _| Ok(found));
        // Of a live session that is in a workspace it is asked, too, what its person may do there.
        unit.memberships
            .expect_find_role()
            .with(eq(workspace_id(1)), eq(ada_id()))
            .times(0..=1)
            .returning(|workspace, _| Ok(Some(a_role(workspace, SystemRole::Manager))));
    });
}

/// What Ada holds in her workspace.
pub(crate) fn held() -> PermissionSet {
    SystemRole::Manager.permissions().into_iter().collect()
}

/// The snapshot of a session of hers.
pub(crate) fn snapshot(session: &Session) -> SessionSnapshot {
    let held = match session.workspace_id {
        Some(_) => held(),
        None => PermissionSet::EMPTY,
    };
    SessionSnapshot::of(session, held)
}
