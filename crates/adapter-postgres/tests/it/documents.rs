//! Documents of facts that an earlier version wrote.

use kogents_domain::ids::UserId;
use kogents_domain::session::FromFrontend;
use kogents_domain::store::{Scope, Store as _};
use kogents_testkit::builders::a_session;

use crate::seed;
use crate::server::{TestDatabase, connect};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_older_document_holds_came_from_the_frontend() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let user = UserId::from_uuid(seed::uuid(2));
    let full = a_session(user)
        .everything()
        .with(|record| {
            record.facts.from_frontend = FromFrontend::default();
            record.facts.timezone = None;
        })
        .build();
    let bare = a_session(user).build();
    let mut unit = store.begin(Scope::System).await.unwrap();
    for record in [&full, &bare] {
        unit.sessions().insert(record).await.unwrap();
    }
    unit.commit().await.unwrap();
    let client = connect(database.url()).await;
    let forget = "UPDATE session_facts SET details = (details::jsonb - 'fromFrontend')::text";
    assert_eq!(client.execute(forget, &[]).await.unwrap(), 2);
    let all_there = FromFrontend {
        country: true,
        coordinate: true,
        timezone: false,
        language: true,
    };
    let mut unit = store.read(Scope::System).await.unwrap();
    for (record, expected) in [(full, all_there), (bare, FromFrontend::default())] {
        let id = record.session.id;
        let found = unit.sessions().find_record(user, id).await.unwrap();
        assert_eq!(found.unwrap().facts.from_frontend, expected);
    }
}
