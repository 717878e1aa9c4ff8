//! Cases of keeping a signup and replacing its contents.

use kogents_domain::signup::{IssuedCode, Lease, PendingEntry, Replaced, TriedCode};

use super::support::{Case, SignupsPort, before};
use crate::builders::{a_new_pending, real_now, unique_digest};

/// Bytes of every value, in their order.
pub async fn a_signup_is_loaded_as_it_was_made(port: SignupsPort) {
    let now = real_now();
    let new = a_new_pending().sealed((0..=255).collect()).build();
    port.create(new.clone(), now).await.unwrap();
    let loaded = port.load(new.key, now).await.unwrap().unwrap();
    let version = loaded.version;
    assert_eq!(
        loaded,
        PendingEntry {
            sealed: new.sealed,
            version,
            expires_at: new.expires_at,
            has_workspace: false,
            code_was_sent: false,
        }
    );
}

async fn assert_gone(case: &Case, now: kogents_domain::time::Timestamp) {
    let (port, key) = (&case.port, case.key);
    assert_eq!(port.load(key, now).await, Ok(None));
    for version in [0, 1, 2] {
        let replaced = port.set_workspace(key, version, Vec::new(), now).await;
        assert_eq!(replaced, Ok(Replaced::Gone));
    }
    let code = unique_digest();
    assert_eq!(case.issue(code, now).await, IssuedCode::Gone);
    assert_eq!(case.guess(code, now).await, TriedCode::Gone);
    case.withdraw(code, now).await;
    assert_eq!(port.release(key, Lease(1)).await, Ok(()));
    assert_eq!(port.fail(key, Lease(1), now).await, Ok(0));
    assert_eq!(port.load(key, now).await, Ok(None));
}

/// Steps without an answer do nothing, and make nothing.
pub async fn an_unknown_signup_is_gone_for_every_step(port: SignupsPort) {
    let mut case = Case::begun(&port).await;
    case.key = unique_digest();
    assert_gone(&case, case.start).await;
    assert_eq!(port.finish(case.key).await, Ok(()));
}

/// A millisecond before its end it is there.
pub async fn a_signup_ends_at_its_moment_for_every_step(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let last = before(case.ends_at);
    case.issued(last).await;
    assert!(port.load(case.key, last).await.unwrap().is_some());
    assert_gone(&case, case.ends_at).await;
}

/// Contents, version and step move; the end does not.
pub async fn choosing_a_workspace_replaces_the_contents(port: SignupsPort) {
    let case = Case::begun(&port).await;
    let (key, now) = (case.key, case.at(1));
    let first = port.load(key, now).await.unwrap().unwrap();
    let mut versions = vec![first.version];
    for sealed in [b"one".to_vec(), b"two, longer".to_vec()] {
        let version = *versions.last().unwrap();
        let replaced = port.set_workspace(key, version, sealed.clone(), now).await;
        assert_eq!(
            replaced,
            Ok(Replaced::Done {
                code_was_sent: false
            })
        );
        let loaded = port.load(key, now).await.unwrap().unwrap();
        assert!(!versions.contains(&loaded.version));
        versions.push(loaded.version);
        assert_eq!((loaded.sealed, loaded.has_workspace), (sealed, true));
        assert_eq!(loaded.expires_at, case.ends_at);
    }
}

/// Whoever loaded before somebody else replaced has to load again.
pub async fn an_old_version_replaces_nothing(port: SignupsPort) {
    let case = Case::begun(&port).await;
    let (key, now) = (case.key, case.at(1));
    let old = port.load(key, now).await.unwrap().unwrap().version;
    let replaced = port.set_workspace(key, old, b"mine".to_vec(), now).await;
    assert!(matches!(replaced, Ok(Replaced::Done { .. })));
    for version in [old, old + 1_000] {
        let replaced = port
            .set_workspace(key, version, b"late".to_vec(), now)
            .await;
        assert_eq!(replaced, Ok(Replaced::Moved));
    }
    let loaded = port.load(key, now).await.unwrap().unwrap();
    assert_eq!(loaded.sealed, b"mine");
}

/// The code stays good, with the guesses it had left, and the step stays where it was.
pub async fn choosing_again_keeps_an_outstanding_code(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    let code = case.issued(case.at(1)).await;
    assert_eq!(case.guess_wrong(case.at(2)).await, super::support::wrong(4));
    let loaded = port.load(case.key, case.at(3)).await.unwrap().unwrap();
    let replaced = port
        .set_workspace(case.key, loaded.version, b"other".to_vec(), case.at(3))
        .await;
    assert_eq!(
        replaced,
        Ok(Replaced::Done {
            code_was_sent: true
        })
    );
    assert_eq!(case.guess_wrong(case.at(4)).await, super::support::wrong(3));
    let tried = case.guess(code, case.at(5)).await;
    let TriedCode::Right { entry, .. } = tried else {
        panic!("the code was lost: {tried:?}");
    };
    assert_eq!(entry.sealed, b"other");
}

/// Another signup's steps change nothing.
pub async fn signups_do_not_touch_each_other(port: SignupsPort) {
    let (one, other) = (Case::begun(&port).await, Case::with_workspace(&port).await);
    let untouched = port.load(one.key, one.start).await.unwrap();
    other.burn_a_code(other.at(1)).await;
    port.finish(other.key).await.unwrap();
    assert_eq!(port.load(one.key, one.start).await.unwrap(), untouched);
}

/// However much happens to it.
pub async fn s9_no_step_moves_the_end_of_a_signup(port: SignupsPort) {
    let case = Case::with_workspace(&port).await;
    for n in 0..4 {
        let now = case.at(20_000 * n);
        let code = case.issued(now).await;
        let lease = case.lease(code, now).await;
        port.release(case.key, lease).await.unwrap();
        let loaded = port.load(case.key, now).await.unwrap().unwrap();
        assert_eq!(loaded.expires_at, case.ends_at);
        let replaced = port
            .set_workspace(case.key, loaded.version, b"again".to_vec(), now)
            .await;
        assert!(matches!(replaced, Ok(Replaced::Done { .. })));
    }
    let last = before(case.ends_at);
    assert!(port.load(case.key, last).await.unwrap().is_some());
    assert_eq!(port.load(case.key, case.ends_at).await, Ok(None));
}
