//! Cases of sessions that end by time while their snapshots are believed.

use kogents_domain::session::{Touch, Touching};
use kogents_domain::time::{Span, Timestamp};

use super::support::{Case, StatesPort, before, is_unknown};

/// A session that ends at 10 s unless it is heard of, then after 20 s without activity.
async fn short_lived(port: &StatesPort) -> Case {
    let mut case = Case::new(port);
    case.snapshot.idle_expires_at = case.at(10);
    let version = case.version(case.start).await;
    let base = super::vouched_for(&case.snapshot, None, case.start).activity;
    case.vouch(Some(version), base, None, case.start).await;
    case
}

fn request(case: &Case, now: Timestamp) -> Touching {
    Touching {
        session_idle: Span::from_secs(20),
        ..case.request(now)
    }
}

/// What the snapshot says of it is only where it begins.
pub async fn what_is_heard_of_a_session_moves_its_idle_end(port: StatesPort) {
    let case = short_lived(&port).await;
    for secs in [9, 28, 47] {
        let touched = case.send(&request(&case, case.at(secs))).await;
        assert_eq!(touched.touch, Touch::Known(case.snapshot));
    }
    // One that adds nothing moves nothing.
    let looking = Touching {
        counted: None,
        ..request(&case, case.at(55))
    };
    let touched = case.send(&looking).await;
    assert_eq!(touched.touch, Touch::Known(case.snapshot));
    assert_eq!(touched.heard_at, Some(case.at(47)));
}

/// Neither after the one that its snapshot says, nor after the one that it was moved to; and what
/// comes then is not counted.
pub async fn s18_a_session_is_not_known_after_its_idle_end(port: StatesPort) {
    for heard in [None, Some(9)] {
        let case = short_lived(&port).await;
        if let Some(secs) = heard {
            case.send(&request(&case, case.at(secs))).await;
        }
        let counters = case.counters(case.start).await;
        // Of what the database said nothing was heard at the start, which is 20 s good as well.
        let over = case.at(heard.unwrap_or(0) + 20);
        for now in [over, case.at(50)] {
            let touched = case.send(&request(&case, now)).await;
            assert!(is_unknown(&touched.touch), "{touched:?}");
            assert_eq!(touched.heard_at, Some(case.at(heard.unwrap_or(0))));
        }
        assert_eq!(case.counters(case.at(50)).await, counters);
        let touched = case.send(&request(&case, before(over))).await;
        assert_eq!(touched.touch, Touch::Known(case.snapshot));
    }
    // Where idle sessions live shorter than the snapshot says, it is right.
    let case = short_lived(&port).await;
    for (secs, is_known) in [(9, true), (10, true), (12, false)] {
        let request = Touching {
            session_idle: Span::from_secs(2),
            counted: (secs == 9).then_some(kogents_domain::session::ActivityCount::REQUEST),
            ..case.request(case.at(secs))
        };
        let touch = case.send(&request).await.touch;
        assert_eq!(touch == Touch::Known(case.snapshot), is_known, "{secs}");
    }
}

/// However much is heard of it.
pub async fn s18_nothing_moves_the_absolute_end(port: StatesPort) {
    let mut case = Case::new(&port);
    case.snapshot.absolute_expires_at = case.at(15);
    let version = case.version(case.start).await;
    case.put(version, case.start).await;
    for now in [case.at(5), case.at(14), before(case.at(15))] {
        assert_eq!(case.touch(now).await, Touch::Known(case.snapshot));
    }
    let counters = case.counters(case.at(15)).await;
    let version = case.version(case.at(15)).await;
    assert_eq!(case.counters(case.at(15)).await, counters);
    // One that is put again is as little known.
    case.vouch(Some(version), counters.unwrap(), None, case.at(15))
        .await;
    assert!(is_unknown(&case.touch(case.at(15)).await));
}

/// Before the request that asks; also of a session of which nothing else is known.
pub async fn what_was_heard_last_is_told_whatever_is_known(port: StatesPort) {
    let case = Case::new(&port);
    let heard_at = async |secs| case.send(&case.request(case.at(secs))).await.heard_at;
    assert_eq!(heard_at(0).await, None);
    let version = case.version(case.at(0)).await;
    case.put(version, case.at(1)).await;
    assert_eq!(heard_at(5).await, Some(case.at(1)));
    assert_eq!(heard_at(7).await, Some(case.at(5)));
    // One that is told late moves nothing.
    assert_eq!(heard_at(6).await, Some(case.at(7)));
    assert_eq!(heard_at(8).await, Some(case.at(7)));
    let fence = case.fence(case.at(9)).await;
    assert_eq!(heard_at(10).await, Some(case.at(8)));
    case.lift(fence, case.at(11)).await;
    assert_eq!(heard_at(12).await, Some(case.at(8)));
    assert_eq!(
        case.sibling()
            .send(&case.sibling().request(case.at(12)))
            .await
            .heard_at,
        None
    );
}
