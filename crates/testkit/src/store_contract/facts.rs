//! Cases of the facts of a session that change after it was opened.

use kogents_domain::ids::SessionId;
use kogents_domain::session::{FromFrontend, SessionFacts};

use super::sessions::assert_round_trip;
use super::support::{StorePort, begin, commit, find_record, insert_sessions, some_user};
use crate::builders::{a_session, unique_id};

async fn replace_facts(store: &StorePort, id: SessionId, facts: &SessionFacts) {
    let mut unit = begin(store).await;
    unit.sessions().replace_facts(id, facts).await.unwrap();
    commit(unit).await;
}

/// Which facts came from the frontend is kept, whichever facts there are.
pub async fn what_came_from_the_frontend_round_trips(store: StorePort) {
    let user = some_user(&store).await;
    for n in 0..16_u8 {
        let bit = |place: u8| n & (1 << place) != 0;
        let from_frontend = FromFrontend {
            country: bit(0),
            coordinate: bit(1),
            timezone: bit(2),
            language: bit(3),
        };
        for session in [a_session(user.id), a_session(user.id).everything()] {
            let record = session
                .with(|record| record.facts.from_frontend = from_frontend)
                .build();
            assert_round_trip(&store, record).await;
        }
    }
}

/// Every fact is put in place of the one before, also where there is none any more; nothing else
/// changes.
pub async fn facts_are_replaced_as_a_whole(store: StorePort) {
    let user = some_user(&store).await;
    let mut bare = a_session(user.id).build();
    let mut full = a_session(user.id).everything().build();
    let other = a_session(user.id).build();
    insert_sessions(&store, &[bare.clone(), full.clone(), other.clone()]).await;
    std::mem::swap(&mut bare.facts, &mut full.facts);
    for record in [&bare, &full] {
        replace_facts(&store, record.session.id, &record.facts).await;
    }
    let unknown = SessionId::from_uuid(unique_id());
    replace_facts(&store, unknown, &full.facts).await;
    for record in [bare, full, other] {
        let id = record.session.id;
        assert_eq!(find_record(&store, user.id, id).await, Some(record));
    }
}
