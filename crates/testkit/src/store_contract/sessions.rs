//! Cases of sessions: what goes in comes out.

use std::net::IpAddr;

use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{EndReason, GeoSource, SessionEnd, SessionRecord, SessionType};
use kogents_domain::time::Span;

use super::support::{StorePort, at, find_record, find_session, insert_sessions, read, some_user};
use crate::builders::{START, a_session, digest_of, unique_id};

pub(crate) async fn assert_round_trip(store: &StorePort, record: SessionRecord) {
    insert_sessions(store, std::slice::from_ref(&record)).await;
    let (user, id) = (record.session.user_id, record.session.id);
    assert_eq!(
        find_session(store, id).await.as_ref(),
        Some(&record.session)
    );
    assert_eq!(find_record(store, user, id).await, Some(record));
}

/// With every fact and counter set.
pub async fn a_session_round_trips_with_every_fact(store: StorePort) {
    let user = some_user(&store).await;
    assert_round_trip(&store, a_session(user.id).everything().build()).await;
}

/// With none set.
pub async fn a_session_round_trips_with_bare_facts(store: StorePort) {
    let user = some_user(&store).await;
    assert_round_trip(&store, a_session(user.id).build()).await;
}

/// One that has ended, its end at an odd millisecond.
pub async fn an_ended_session_round_trips(store: StorePort) {
    let user = some_user(&store).await;
    let end = at(61).plus(Span::from_millis(7));
    let ended = a_session(user.id).ended(end, EndReason::Revoked).build();
    assert_round_trip(&store, ended).await;
}

/// One in the middle of its rotations, with every time different.
pub async fn a_session_with_spent_tokens_round_trips(store: StorePort) {
    let user = some_user(&store).await;
    let record = a_session(user.id)
        .refresh(70_000, digest_of("the current token"))
        .spent((0..32).map(|n| at(n).plus(Span::from_millis(n))).collect())
        .idle_until(at(1_001))
        .absolute_until(at(2_002))
        .with(|record| record.session.refresh.rotated_at = at(33))
        .build();
    assert_round_trip(&store, record).await;
}

/// Every name of a type and of a reason is known to the store.
pub async fn every_session_type_and_end_reason_round_trips(store: StorePort) {
    let user = some_user(&store).await;
    for session_type in SessionType::ALL {
        let record = a_session(user.id)
            .with(|record| record.session.session_type = session_type)
            .build();
        assert_round_trip(&store, record).await;
    }
    for reason in EndReason::ALL {
        let record = a_session(user.id).ended(at(1), reason).build();
        assert_eq!(record.session.end, Some(SessionEnd { at: at(1), reason }));
        assert_round_trip(&store, record).await;
    }
}

/// Every source of a place, and addresses of both families at their ends.
pub async fn every_geo_source_and_address_family_round_trips(store: StorePort) {
    let user = some_user(&store).await;
    for geo_source in GeoSource::ALL {
        let record = a_session(user.id)
            .with(|record| record.facts.geo_source = geo_source)
            .build();
        assert_round_trip(&store, record).await;
    }
    for address in [
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ] {
        let ip_address: IpAddr = address.parse().unwrap();
        let record = a_session(user.id)
            .with(|record| record.facts.ip_address = ip_address)
            .build();
        assert_round_trip(&store, record).await;
    }
}

/// Nothing is made up.
pub async fn an_unknown_session_is_not_found(store: StorePort) {
    let user = some_user(&store).await;
    let id = SessionId::from_uuid(unique_id());
    assert_eq!(find_session(&store, id).await, None);
    assert_eq!(find_record(&store, user.id, id).await, None);
    let mut unit = read(&store).await;
    let open = unit.sessions().list_open(user.id, START).await.unwrap();
    assert_eq!(open, []);
}

/// Whose it is not, to them it does not exist.
pub async fn s20_a_session_of_another_person_is_not_found(store: StorePort) {
    let owner = some_user(&store).await;
    let other = some_user(&store).await;
    let record = a_session(owner.id).build();
    insert_sessions(&store, std::slice::from_ref(&record)).await;
    let id = record.session.id;
    let nobody = UserId::from_uuid(unique_id());
    assert_eq!(find_record(&store, other.id, id).await, None);
    assert_eq!(find_record(&store, nobody, id).await, None);
    assert_eq!(find_record(&store, owner.id, id).await, Some(record));
}
