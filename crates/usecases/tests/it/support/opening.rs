//! What opening a session asks of the store.

use kogents_domain::auth::User;
use kogents_domain::ids::SessionId;
use kogents_domain::session::{
    EndReason, Session, SessionActivity, SessionEnd, SessionQuota, SessionRecord,
};
use kogents_domain::store::Scope;
use mockall::Sequence;
use mockall::predicate::eq;

use super::{Bench, LIFETIMES, SESSION_LIMIT, Slot, T0, Units, ada, ada_id, hears, record};

/// Before anything is written, Ada's open sessions are listed.
pub(crate) fn lists_open(bench: &Bench, open: Vec<SessionRecord>) {
    bench.reads(Scope::Person(ada_id()), |unit| lists(unit, open));
}

fn lists(unit: &mut Units, open: Vec<SessionRecord>) {
    unit.sessions
        .expect_list_open()
        .with(eq(ada_id()), eq(T0))
        .times(1)
        .return_once(|_, _| Ok(open));
}

/// Before a session opens, Ada's open ones are listed, and it is seen that she has signed up just
/// now, so that nobody tells her of a new device.
pub(crate) fn prepares(bench: &Bench, open: Vec<SessionRecord>) {
    prepares_for(bench, ada(), open, |_| ());
}

/// The same of a person who may be told of a new device; more may be asked of the store.
pub(crate) fn prepares_for(
    bench: &Bench,
    user: User,
    open: Vec<SessionRecord>,
    more: impl FnOnce(&mut Units),
) {
    bench.reads(Scope::Person(ada_id()), |unit| {
        lists(unit, open);
        unit.users
            .expect_find()
            .with(eq(ada_id()))
            .times(1)
            .return_once(|_| Ok(Some(user)));
        more(unit);
    });
}

/// A session of Ada's opens on a device that is new to her.
pub(crate) fn opens(unit: &mut Units) -> Slot<SessionRecord> {
    opens_after(unit, true, Vec::new(), (None, SESSION_LIMIT))
}

/// A session of Ada's opens beside one other, and there is nothing else to do: its device is noted,
/// there is room for it, and it goes in.
pub(crate) fn opens_at_once(unit: &mut Units, is_new_device: bool) -> Slot<SessionRecord> {
    let mut order = Sequence::new();
    let seen = sees(unit, is_new_device, &mut order);
    unit.sessions
        .expect_count_open()
        .with(eq(ada_id()), eq(T0))
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(1));
    let kept = goes_in(unit, is_new_device, seen, &mut order);
    unit.sessions.expect_end_surplus().never();
    hears(unit);
    kept
}

/// The device of a session of Ada's is noted.
fn sees(unit: &mut Units, is_new_device: bool, order: &mut Sequence) -> Slot<String> {
    let seen = Slot::new();
    let put = seen.clone();
    unit.devices
        .expect_see()
        .withf(|user, _, now| (*user, *now) == (ada_id(), T0))
        .times(1)
        .in_sequence(order)
        .returning(move |_, fingerprint, _| {
            put.put(fingerprint.as_str().to_owned());
            Ok(is_new_device)
        });
    seen
}

/// A session of Ada's goes in, on the device that was seen.
fn goes_in(
    unit: &mut Units,
    is_new_device: bool,
    seen: Slot<String>,
    order: &mut Sequence,
) -> Slot<SessionRecord> {
    let kept = Slot::new();
    let put = kept.clone();
    unit.sessions
        .expect_insert()
        .withf(move |record| {
            let facts = &record.facts;
            facts.is_new_device == Some(is_new_device)
                && facts.device_fingerprint == Some(seen.only())
        })
        .times(1)
        .in_sequence(order)
        .returning(move |record| {
            put.put(record.clone());
            Ok(())
        });
    kept
}

/// A session of Ada's opens: its device is noted, it goes in, what the others did lately is
/// written, and those beyond the limit give way.
pub(crate) fn opens_after(
    unit: &mut Units,
    is_new_device: bool,
    unflushed: Vec<(SessionId, SessionActivity)>,
    (also_kept, session_limit): (Option<SessionId>, u32),
) -> Slot<SessionRecord> {
    let mut order = Sequence::new();
    let seen = sees(unit, is_new_device, &mut order);
    let kept = goes_in(unit, is_new_device, seen, &mut order);
    if !unflushed.is_empty() {
        unit.sessions
            .expect_record_activity()
            .withf(move |activities| *activities == *unflushed)
            .times(1)
            .in_sequence(&mut order)
            .returning(|_| Ok(()));
    }
    let opened = kept.clone();
    unit.sessions
        .expect_end_surplus()
        .withf(move |user, quota| {
            let expected = SessionQuota {
                keep: opened.only().session.id,
                also_keep: also_kept,
                limit: session_limit,
                session_idle: LIFETIMES.session_idle,
                at: T0,
            };
            (*user, *quota) == (ada_id(), expected)
        })
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(vec![replaced(7)]));
    hears(unit);
    kept
}

/// A session of Ada's that gave way to another.
fn replaced(number: u8) -> Session {
    let end = SessionEnd {
        at: T0,
        reason: EndReason::Replaced,
    };
    Session {
        end: Some(end),
        ..record(number, T0).session
    }
}
