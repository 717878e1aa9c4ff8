//! Cases of snapshots without a fence.

use kogents_domain::access::{PermissionSet, SystemRole};
use kogents_domain::ids::UserId;
use kogents_domain::session::{SessionSnapshot, Touch};

use super::support::{Case, StatesPort, before, is_unknown};
use crate::builders::unique_id;

/// And asking makes nothing known.
pub async fn nothing_is_known_at_first(port: StatesPort) {
    let case = Case::new(&port);
    for _ in 0..3 {
        assert!(is_unknown(&case.touch(case.start).await));
    }
}

/// With a workspace and without, whatever its person holds there.
pub async fn a_put_snapshot_is_known(port: StatesPort) {
    Case::known(&port).await;
    let mut homeless = Case::new(&port);
    homeless.snapshot.workspace_id = None;
    let version = homeless.version(homeless.start).await;
    homeless.put(version, homeless.start).await;
    assert_eq!(
        homeless.touch(homeless.at(1)).await,
        Touch::Known(homeless.snapshot)
    );
    for held in [
        PermissionSet::EMPTY,
        PermissionSet::all(),
        SystemRole::Manager.permissions().into_iter().collect(),
        PermissionSet::from_bits(1),
        PermissionSet::from_bits(1 << 127),
        PermissionSet::from_bits(u128::MAX),
    ] {
        let mut case = Case::new(&port);
        case.snapshot.held = held;
        let version = case.version(case.start).await;
        case.put(version, case.start).await;
        assert_eq!(case.touch(case.at(1)).await, Touch::Known(case.snapshot));
    }
}

/// Another session of the person, or the same id with another person, is not known.
pub async fn a_snapshot_is_of_one_session_of_one_person(port: StatesPort) {
    let case = Case::known(&port).await;
    let sibling = case.sibling();
    let mut stranger = case.clone();
    stranger.snapshot.user_id = UserId::from_uuid(unique_id());
    for other in [&sibling, &stranger] {
        assert!(is_unknown(&other.touch(case.start).await));
    }
    // The sibling's joins it.
    let version = sibling.version(case.start).await;
    sibling.put(version, case.start).await;
    for one in [&case, &sibling] {
        assert_eq!(one.touch(case.at(1)).await, Touch::Known(one.snapshot));
    }
}

/// Two that asked at once both put; the later one stays.
pub async fn a_newer_snapshot_replaces_an_older(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    case.put(version, case.start).await;
    let mut newer = case.clone();
    newer.snapshot.workspace_id = None;
    newer.snapshot.held = PermissionSet::EMPTY;
    newer.put(version, case.at(1)).await;
    assert_eq!(case.touch(case.at(1)).await, Touch::Known(newer.snapshot));
}

/// Counted from when it was put, however often it is asked for.
pub async fn s16_a_snapshot_is_believed_for_a_minute(port: StatesPort) {
    let case = Case::known(&port).await;
    let over = case.start.plus(SessionSnapshot::MAX_AGE);
    for now in [case.at(20), case.at(40), before(over)] {
        assert_eq!(case.touch(now).await, Touch::Known(case.snapshot));
    }
    assert!(is_unknown(&case.touch(over).await));
    // And then anew.
    let version = case.version(over).await;
    case.put(version, over).await;
    assert_eq!(case.touch(case.at(90)).await, Touch::Known(case.snapshot));
}

/// A session that ends sooner is not known longer.
pub async fn s18_a_snapshot_is_not_believed_past_its_end(port: StatesPort) {
    let mut case = Case::new(&port);
    case.snapshot.absolute_expires_at = case.at(5);
    let version = case.version(case.start).await;
    case.put(version, case.start).await;
    assert_eq!(
        case.touch(before(case.at(5))).await,
        Touch::Known(case.snapshot)
    );
    assert!(is_unknown(&case.touch(case.at(5)).await));
}

/// Nor is one that came too late.
pub async fn a_snapshot_that_has_ended_is_not_put(port: StatesPort) {
    let mut case = Case::new(&port);
    case.snapshot.absolute_expires_at = case.start;
    let version = case.version(case.start).await;
    case.put(version, case.start).await;
    assert!(is_unknown(&case.touch(case.start).await));
}

/// Many may ask before one puts; each may put under what it was told.
pub async fn asking_does_not_move_the_version(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    for secs in 0..5 {
        assert_eq!(case.version(case.at(secs)).await, version);
    }
    case.put(version, case.at(5)).await;
    assert_eq!(case.touch(case.at(5)).await, Touch::Known(case.snapshot));
}

/// Only a version that was told counts.
pub async fn a_made_up_version_puts_nothing(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    case.put(version + 1_000, case.start).await;
    assert!(is_unknown(&case.touch(case.start).await));
}
