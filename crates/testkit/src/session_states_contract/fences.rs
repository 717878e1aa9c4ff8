//! Cases of fences: nothing that was true before a change is believed after it.

use kogents_domain::session::{Fence, SessionSnapshot, Touch};

use super::support::{Case, StatesPort, before, is_unknown};
use crate::parallel::at_once;

/// Neither what was put before.
pub async fn s16_behind_a_fence_nothing_is_known(port: StatesPort) {
    let case = Case::known(&port).await;
    case.fence(case.at(1)).await;
    for now in [case.at(1), case.at(5)] {
        assert_eq!(case.touch(now).await, Touch::Fenced);
    }
}

/// Nor what is put meanwhile, under whatever version.
pub async fn s16_behind_a_fence_nothing_is_put(port: StatesPort) {
    let case = Case::new(&port);
    let version = case.version(case.start).await;
    let fence = case.fence(case.at(1)).await;
    for guessed in version..version + 5 {
        case.put(guessed, case.at(2)).await;
    }
    assert_eq!(case.touch(case.at(2)).await, Touch::Fenced);
    case.lift(fence, case.at(3)).await;
    assert!(is_unknown(&case.touch(case.at(3)).await));
}

/// Both, and for every session of the person.
pub async fn s16_lifting_drops_snapshots_and_moves_the_version(port: StatesPort) {
    let case = Case::new(&port);
    let old = case.version(case.start).await;
    case.put(old, case.start).await;
    let fence = case.fence(case.at(1)).await;
    case.lift(fence, case.at(2)).await;
    assert_ne!(case.version(case.at(2)).await, old);
}

/// The race that fences are for: asked, changed, put.
pub async fn s16_what_was_read_before_a_fence_is_not_put_after_it(port: StatesPort) {
    let case = Case::new(&port);
    let stale = case.version(case.start).await;
    let fence = case.fence(case.at(1)).await;
    case.lift(fence, case.at(2)).await;
    // Before anybody asked again, and after.
    case.put(stale, case.at(2)).await;
    assert!(is_unknown(&case.touch(case.at(3)).await));
    case.put(stale, case.at(3)).await;
    assert!(is_unknown(&case.touch(case.at(3)).await));
}

/// What the database says after the change.
pub async fn after_lifting_snapshots_can_be_put_again(port: StatesPort) {
    let case = Case::known(&port).await;
    let fence = case.fence(case.at(1)).await;
    case.lift(fence, case.at(2)).await;
    let version = case.version(case.at(2)).await;
    case.put(version, case.at(3)).await;
    assert_eq!(case.touch(case.at(4)).await, Touch::Known(case.snapshot));
}

/// Two changes at once: the one that is done first does not open for the other.
pub async fn s16_overlapping_fences_hold_until_the_last_is_lifted(port: StatesPort) {
    let case = Case::known(&port).await;
    let first = case.fence(case.at(1)).await;
    let second = case.fence(case.at(2)).await;
    assert_ne!(first, second);
    for (lifted, other) in [(first, second), (second, first)] {
        case.lift(lifted, case.at(3)).await;
        if lifted == first {
            assert_eq!(case.touch(case.at(3)).await, Touch::Fenced);
            case.put(0, case.at(3)).await;
        } else {
            assert!(is_unknown(&case.touch(case.at(3)).await), "{other:?}");
        }
    }
}

/// Lifting it again does not lift another.
pub async fn a_fence_is_lifted_once(port: StatesPort) {
    let case = Case::new(&port);
    let first = case.fence(case.at(1)).await;
    let second = case.fence(case.at(1)).await;
    for _ in 0..3 {
        case.lift(first, case.at(2)).await;
    }
    assert_eq!(case.touch(case.at(2)).await, Touch::Fenced);
    case.lift(second, case.at(3)).await;
    assert!(is_unknown(&case.touch(case.at(3)).await));
}

/// A crash heals itself.
pub async fn a_fence_runs_out(port: StatesPort) {
    let case = Case::new(&port);
    case.fence(case.start).await;
    let over = case.start.plus(SessionSnapshot::FENCE);
    assert_eq!(case.touch(before(over)).await, Touch::Fenced);
    let version = case.version(over).await;
    case.put(version, over).await;
    assert_eq!(case.touch(over).await, Touch::Known(case.snapshot));
}

/// By its own beginning, not by the first one's or the last one's.
pub async fn each_fence_runs_out_by_itself(port: StatesPort) {
    let case = Case::new(&port);
    let first = case.fence(case.at(0)).await;
    let second = case.fence(case.at(5)).await;
    assert_eq!(case.touch(case.at(12)).await, Touch::Fenced);
    case.lift(first, case.at(12)).await;
    assert_eq!(case.touch(before(case.at(15))).await, Touch::Fenced);
    assert!(is_unknown(&case.touch(case.at(15)).await));

    // The longer one lifted, the shorter one still holds, and no longer than its own time.
    let (shorter, longer) = (case.fence(case.at(20)).await, case.fence(case.at(25)).await);
    case.lift(longer, case.at(26)).await;
    assert_eq!(case.touch(before(case.at(30))).await, Touch::Fenced);
    assert!(is_unknown(&case.touch(case.at(30)).await));
    assert_ne!(shorter, second);
}

/// Its owner may have died after the commit: what was known or read before stays unknown.
pub async fn s16_a_fence_that_ran_out_leaves_nothing_to_believe(port: StatesPort) {
    let case = Case::new(&port);
    let stale = case.version(case.start).await;
    case.put(stale, case.start).await;
    case.fence(case.at(1)).await;
    let over = case.at(1).plus(SessionSnapshot::FENCE);
    assert!(is_unknown(&case.touch(over).await));
    case.put(stale, over).await;
    assert!(is_unknown(&case.touch(over).await));
}

/// The commit took longer than the fence held, and others have put what was true before it.
pub async fn s16_lifting_a_fence_that_ran_out_still_drops(port: StatesPort) {
    let case = Case::new(&port);
    let fence = case.fence(case.start).await;
    let version = case.version(case.at(20)).await;
    case.put(version, case.at(20)).await;
    case.lift(fence, case.at(21)).await;
    assert_ne!(case.version(case.at(21)).await, version);
}

/// Others notice nothing.
pub async fn a_fence_concerns_one_person(port: StatesPort) {
    let (fenced, other) = (Case::known(&port).await, Case::known(&port).await);
    let fence = fenced.fence(fenced.at(1)).await;
    assert_eq!(other.touch(other.at(1)).await, Touch::Known(other.snapshot));
    // A fence number of one person lifts nothing of another.
    other.lift(fence, other.at(2)).await;
    assert_eq!(fenced.touch(fenced.at(2)).await, Touch::Fenced);
}

/// Fifty that asked before the change put while it happens: none of it is believed afterwards.
pub async fn s16_parallel_stale_puts_leave_nothing_behind(port: StatesPort) {
    for _ in 0..5 {
        let case = Case::new(&port);
        let stale = case.version(case.start).await;
        at_once((0..51).map(|n| {
            let case = case.clone();
            async move {
                if n == 25 {
                    let fence = case.fence(case.at(1)).await;
                    tokio::task::yield_now().await;
                    case.lift(fence, case.at(1)).await;
                } else {
                    case.put(stale, case.at(1)).await;
                }
            }
        }))
        .await;
        assert!(is_unknown(&case.touch(case.at(1)).await));
    }
}

/// Fifty fences at once are fifty: the person is free when the last is lifted.
pub async fn s16_parallel_fences_are_all_counted(port: StatesPort) {
    let case = Case::known(&port).await;
    let mut fences: Vec<Fence> = at_once((0..50).map(|_| {
        let case = case.clone();
        async move { case.fence(case.at(1)).await }
    }))
    .await;
    let last = fences.pop().unwrap();
    at_once(fences.into_iter().map(|fence| {
        let case = case.clone();
        async move { case.lift(fence, case.at(2)).await }
    }))
    .await;
    assert_eq!(case.touch(case.at(2)).await, Touch::Fenced);
    case.lift(last, case.at(3)).await;
    assert!(is_unknown(&case.touch(case.at(3)).await));
}
