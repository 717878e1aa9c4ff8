//! Cases of a session's counters.

use std::sync::Arc;

use kogents_domain::ids::SessionId;
use kogents_domain::session::{SessionActivity, SessionRecord};

use super::support::{StorePort, at, begin, commit, find_record, insert_sessions, read, some_user};
use crate::builders::{a_session, unique_id};
use crate::parallel::at_once;

async fn record_activity(store: &StorePort, activities: &[(SessionId, SessionActivity)]) {
    let mut unit = begin(store).await;
    let sessions = unit.sessions();
    sessions.record_activity(activities).await.unwrap();
    commit(unit).await;
}

async fn find_activity(store: &StorePort, id: SessionId) -> Option<SessionActivity> {
    read(store)
        .await
        .sessions()
        .find_activity(id)
        .await
        .unwrap()
}

/// Totals, each another value, all of them growing with `n`.
fn totals(n: u64) -> SessionActivity {
    SessionActivity {
        total_requests: 10 * n + 1,
        pages_visited: 10 * n + 2,
        actions_performed: 10 * n + 3,
        engaged_millis: 10 * n + 4,
        visit_count: 10 * n + 5,
        last_activity_at: at(i64::try_from(n).unwrap()),
    }
}

async fn some_session(store: &StorePort) -> SessionRecord {
    let user = some_user(store).await;
    let record = a_session(user.id).build();
    insert_sessions(store, std::slice::from_ref(&record)).await;
    record
}

/// Alone, and beside the session's own row, to whom it belongs.
pub async fn s20_counters_are_found_alone_and_with_their_session(store: StorePort) {
    let user = some_user(&store).await;
    let stranger = some_user(&store).await;
    let record = a_session(user.id).everything().build();
    let id = record.session.id;
    insert_sessions(&store, std::slice::from_ref(&record)).await;
    assert_eq!(find_activity(&store, id).await, Some(record.activity));
    let mut unit = read(&store).await;
    let sessions = unit.sessions();
    let found = sessions.find_with_activity(user.id, id).await.unwrap();
    assert_eq!(found, Some((record.session, record.activity)));
    let found = sessions.find_with_activity(stranger.id, id).await.unwrap();
    assert_eq!(found, None);
    let unknown = SessionId::from_uuid(unique_id());
    assert_eq!(sessions.find_activity(unknown).await.unwrap(), None);
    let found = sessions.find_with_activity(user.id, unknown).await.unwrap();
    assert_eq!(found, None);
}

/// Every counter, and nothing else; of these sessions, and of no other.
pub async fn totals_are_written_as_they_are(store: StorePort) {
    let [mut one, mut two, other] = [
        some_session(&store).await,
        some_session(&store).await,
        some_session(&store).await,
    ];
    (one.activity, two.activity) = (totals(7), totals(8));
    let written = [one.clone(), two.clone()].map(|of| (of.session.id, of.activity));
    record_activity(&store, &written).await;
    record_activity(&store, &[]).await;
    for record in [one, two, other] {
        let (user, id) = (record.session.user_id, record.session.id);
        assert_eq!(find_record(&store, user, id).await, Some(record));
    }
}

/// An older total after a newer one, a repeated one, and one of which a part is older.
pub async fn of_two_totals_the_greater_of_each_stays(store: StorePort) {
    let id = some_session(&store).await.session.id;
    for older in [totals(5), totals(5), totals(3)] {
        record_activity(&store, &[(id, older)]).await;
        assert_eq!(find_activity(&store, id).await, Some(totals(5)));
    }
    let mixed = SessionActivity {
        pages_visited: 1_000,
        last_activity_at: at(2),
        ..totals(6)
    };
    record_activity(&store, &[(id, mixed)]).await;
    let expected = SessionActivity {
        last_activity_at: at(5),
        ..mixed
    };
    assert_eq!(find_activity(&store, id).await, Some(expected));
}

/// The same session twice in one batch, in either order.
pub async fn of_two_totals_in_one_batch_the_greater_of_each_stays(store: StorePort) {
    let id = some_session(&store).await.session.id;
    record_activity(&store, &[(id, totals(4)), (id, totals(3))]).await;
    assert_eq!(find_activity(&store, id).await, Some(totals(4)));
    record_activity(&store, &[(id, totals(5)), (id, totals(6))]).await;
    assert_eq!(find_activity(&store, id).await, Some(totals(6)));
}

/// They are passed over, and the others are written.
pub async fn totals_of_sessions_that_are_gone_are_passed_over(store: StorePort) {
    let id = some_session(&store).await.session.id;
    let gone = SessionId::from_uuid(unique_id());
    record_activity(&store, &[(gone, totals(1)), (id, totals(2))]).await;
    assert_eq!(find_activity(&store, id).await, Some(totals(2)));
    assert_eq!(find_activity(&store, gone).await, None);
}

/// Eight at once write the same rows, half of them in the opposite order: none fails, and the
/// greatest totals stay.
pub async fn crossing_batches_do_no_harm(store: StorePort) {
    let user = some_user(&store).await;
    let records: Vec<SessionRecord> = (0..200).map(|_| a_session(user.id).build()).collect();
    insert_sessions(&store, &records).await;
    let ids: Vec<SessionId> = records.iter().map(|record| record.session.id).collect();
    at_once((0..8_u64).map(|n| {
        let store = Arc::clone(&store);
        let mut batch: Vec<_> = ids.iter().map(|id| (*id, totals(n))).collect();
        if n % 2 == 1 {
            batch.reverse();
        }
        async move {
            for _ in 0..3 {
                record_activity(&store, &batch).await;
            }
        }
    }))
    .await;
    for id in ids {
        assert_eq!(find_activity(&store, id).await, Some(totals(7)));
    }
}
