//! Cases of notices.

use kogents_domain::ids::{NoticeId, UserId};
use kogents_domain::notice::{Notice, NoticeKind};

use super::support::{StorePort, at, begin, commit};
use crate::builders::unique_id;

fn notice(kind: NoticeKind, moment: i64) -> Notice {
    Notice {
        id: NoticeId::from_uuid(unique_id()),
        kind,
        user_id: UserId::from_uuid(unique_id()),
        at: at(moment),
    }
}

async fn post(store: &StorePort, notices: &[Notice]) {
    let mut unit = begin(store).await;
    for notice in notices {
        unit.notices().post(notice).await.unwrap();
    }
    commit(unit).await;
}

async fn newest(store: &StorePort, most: u16) -> Vec<Notice> {
    let mut unit = begin(store).await;
    unit.notices().newest(most).await.unwrap()
}

/// Every kind, the newest first, no more than are asked for.
pub async fn notices_are_read_as_they_were_posted(store: StorePort) {
    let posted = NoticeKind::ALL.map(|kind| notice(kind, 5));
    post(&store, &posted).await;
    let mut expected = posted.to_vec();
    expected.reverse();
    assert_eq!(newest(&store, 10).await, expected);
    assert_eq!(
        newest(&store, 1).await,
        expected.iter().take(1).copied().collect::<Vec<_>>()
    );
}

/// It tells of what did not happen.
pub async fn a_notice_of_a_dropped_unit_is_not_posted(store: StorePort) {
    let mut unit = begin(&store).await;
    let posted = notice(NoticeKind::Sessions, 5);
    unit.notices().post(&posted).await.unwrap();
    drop(unit);
    assert_eq!(newest(&store, 10).await, []);
}

/// From before the moment, and none of it.
pub async fn r10_old_notices_are_swept(store: StorePort) {
    let [old, young] = [10, 11].map(|moment| notice(NoticeKind::Counts, moment));
    post(&store, &[old, young]).await;
    for removed in [1, 0] {
        let mut unit = begin(&store).await;
        assert_eq!(unit.notices().sweep(at(11)).await, Ok(removed));
        commit(unit).await;
    }
    assert_eq!(newest(&store, 10).await, [young]);
}
