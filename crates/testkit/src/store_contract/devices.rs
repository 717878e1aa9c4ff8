//! Cases of the devices persons were seen on.

use std::sync::Arc;

use kogents_domain::ids::UserId;
use kogents_domain::session::{DeviceFingerprint, MAX_DEVICES, SeenDevice};
use kogents_domain::time::Timestamp;

use super::support::{StorePort, at, begin, commit, read, some_user};
use crate::builders::{unique_fingerprint, unique_id};
use crate::parallel::at_once;

async fn see(store: &StorePort, user: UserId, device: &DeviceFingerprint, secs: i64) -> bool {
    let mut unit = begin(store).await;
    unit.users().find_for_update(user).await.unwrap();
    let is_first = unit.devices().see(user, device, at(secs)).await.unwrap();
    commit(unit).await;
    is_first
}

async fn drop_unseen_since(store: &StorePort, moment: Timestamp, limit: u32) -> u64 {
    let mut unit = begin(store).await;
    let devices = unit.devices();
    let dropped = devices.drop_unseen_since(moment, limit).await.unwrap();
    commit(unit).await;
    dropped
}

/// A person with as many devices as are kept, the n-th seen n seconds after the start.
async fn with_all_devices(store: &StorePort) -> (UserId, Vec<DeviceFingerprint>) {
    let user = some_user(store).await.id;
    let devices: Vec<_> = (0..MAX_DEVICES).map(|_| unique_fingerprint()).collect();
    let mut unit = begin(store).await;
    for (secs, device) in (0..).zip(&devices) {
        assert!(unit.devices().see(user, device, at(secs)).await.unwrap());
    }
    commit(unit).await;
    (user, devices)
}

/// Once per person and device, whoever else has it.
pub async fn a_device_is_new_once_per_person(store: StorePort) {
    let [one, other] = [some_user(&store).await.id, some_user(&store).await.id];
    let [device, another] = [unique_fingerprint(), unique_fingerprint()];
    assert!(see(&store, one, &device, 1).await);
    assert!(!see(&store, one, &device, 2).await);
    assert!(!see(&store, one, &device, 1).await);
    assert!(see(&store, one, &another, 2).await);
    assert!(see(&store, other, &device, 2).await);
    assert!(!see(&store, one, &device, 3).await);
}

/// What was not committed was not seen.
pub async fn a_device_of_a_dropped_unit_is_still_new(store: StorePort) {
    let user = some_user(&store).await.id;
    let device = unique_fingerprint();
    let mut unit = begin(&store).await;
    assert!(unit.devices().see(user, &device, at(1)).await.unwrap());
    drop(unit);
    assert!(see(&store, user, &device, 2).await);
}

/// Of twenty, whether or not they wait for the person's row.
pub async fn of_parallel_sights_of_a_device_one_is_the_first(store: StorePort) {
    let user = some_user(&store).await.id;
    for locks in [true, false] {
        let device = unique_fingerprint();
        let seen = at_once((0..20).map(|secs| {
            let (store, device) = (Arc::clone(&store), device.clone());
            async move {
                if locks {
                    return see(&store, user, &device, secs).await;
                }
                let mut unit = begin(&store).await;
                let is_first = unit.devices().see(user, &device, at(secs)).await.unwrap();
                commit(unit).await;
                is_first
            }
        }))
        .await;
        let first = seen.iter().filter(|is_first| **is_first).count();
        assert_eq!(first, 1, "locks: {locks}");
    }
}

/// The one not seen longest gives way, and no other; of other persons none does.
pub async fn r10_beyond_the_most_the_device_not_seen_longest_gives_way(store: StorePort) {
    let (other, others) = with_all_devices(&store).await;
    let (user, devices) = with_all_devices(&store).await;
    let [oldest, second, third, ..] = &devices[..] else {
        panic!("too few devices");
    };
    // Seen again, it is not the one any more.
    assert!(!see(&store, user, oldest, 1_000).await);
    assert!(see(&store, user, &unique_fingerprint(), 1_001).await);
    for kept in devices.iter().filter(|device| *device != second) {
        assert!(!see(&store, user, kept, 0).await);
    }
    assert!(see(&store, user, second, 1_002).await, "it had gone");
    assert!(see(&store, user, third, 1_003).await, "it went in turn");
    for kept in &others {
        assert!(!see(&store, other, kept, 0).await);
    }
}

/// Also when its instance's clock runs behind.
pub async fn the_device_just_seen_does_not_give_way(store: StorePort) {
    let (user, devices) = with_all_devices(&store).await;
    let late = unique_fingerprint();
    assert!(see(&store, user, &late, -100).await);
    assert!(!see(&store, user, &late, -99).await);
    let [oldest, ..] = &devices[..] else {
        panic!("too few devices");
    };
    assert!(see(&store, user, oldest, 1_000).await);
}

/// By when they were last seen, never less than once said; so many at a time; the moment itself
/// is not before it.
pub async fn r10_devices_not_seen_for_long_are_dropped(store: StorePort) {
    let user = some_user(&store).await.id;
    let devices = [10, 20, 30, 40].map(|secs| (unique_fingerprint(), secs));
    for (device, secs) in &devices {
        assert!(see(&store, user, device, *secs).await);
    }
    let [(first, _), (second, _), (third, _), (fourth, _)] = &devices;
    assert!(!see(&store, user, first, 50).await);
    assert!(!see(&store, user, first, 1).await);
    assert_eq!(drop_unseen_since(&store, at(20), 10).await, 0);
    assert_eq!(drop_unseen_since(&store, at(40), 1).await, 1);
    assert_eq!(drop_unseen_since(&store, at(40), 10).await, 1);
    assert_eq!(drop_unseen_since(&store, at(40), 10).await, 0);
    for kept in [first, fourth] {
        assert!(!see(&store, user, kept, 60).await);
    }
    for dropped in [second, third] {
        assert!(see(&store, user, dropped, 60).await);
    }
}

/// The one seen last first, by their names where that is one moment; of nobody else.
pub async fn devices_are_listed_with_when_they_were_seen(store: StorePort) {
    let [user, other] = [some_user(&store).await.id, some_user(&store).await.id];
    let mut devices = [(); 4].map(|()| unique_fingerprint());
    devices.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    let [two, three, one, foreign] = devices;
    for (user, device, secs) in [
        (user, &one, 10),
        (user, &three, 20),
        (user, &two, 20),
        (user, &one, 30),
        (user, &one, 15),
        (other, &foreign, 40),
        (other, &two, 50),
    ] {
        see(&store, user, device, secs).await;
    }
    let seen = |fingerprint, first, last| SeenDevice {
        fingerprint,
        first_seen: at(first),
        last_seen: at(last),
    };
    let expected = vec![seen(one, 10, 30), seen(two, 20, 20), seen(three, 20, 20)];
    let mut unit = read(&store).await;
    assert_eq!(unit.devices().list(user).await, Ok(expected));
    let stranger = UserId::from_uuid(unique_id());
    assert_eq!(unit.devices().list(stranger).await, Ok(Vec::new()));
}
