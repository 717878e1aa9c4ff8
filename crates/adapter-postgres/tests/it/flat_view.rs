//! The view that spells out every field of a session.

use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{
    Analytics, ClickIds, Lifetimes, NewSession, SessionFacts, SessionRecord, SessionType,
};
use kogents_domain::store::{Scope, Store as _};
use kogents_domain::time::Span;

use crate::seed::{self, NOW};
use crate::server::{TestDatabase, connect};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flat_view_spells_out_what_rests_in_the_document() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let analytics = Analytics {
        click_ids: ClickIds::clean([("gclid", "abc")]),
        ..Analytics::default()
    };
    let mut facts = SessionFacts::from_client("192.0.2.7".parse().unwrap(), analytics);
    facts.is_bot = Some(true);
    facts.device_brand = Some("Fairphone".to_owned());
    let new = NewSession {
        id: SessionId::from_uuid(seed::uuid(1)),
        user_id: UserId::from_uuid(seed::uuid(2)),
        workspace_id: None,
        session_type: SessionType::Web,
        refresh_digest: Digest::from_bytes([7; 32]),
        facts,
    };
    let lifetimes = Lifetimes {
        session_idle: Span::from_secs(100),
        session_absolute: Span::from_secs(200),
        refresh_idle: Span::from_secs(100),
        refresh_absolute: Span::from_secs(200),
        refresh_grace: Span::from_secs(30),
    };
    let mut record = SessionRecord::open(new, &lifetimes, NOW);
    record.activity.last_activity_at = NOW.plus(Span::from_secs(5));
    record.activity.engaged_millis = 4_999;
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.sessions().insert(&record).await.unwrap();
    unit.commit().await.unwrap();

    let client = connect(database.url()).await;
    let query = "SELECT device_brand, is_bot, is_new_device IS NULL, click_ids, expires_at, \
                 session_duration_sec, engaged_duration_sec, host(ip_address::inet) \
                 FROM sessions_flat";
    let row = client.query_one(query, &[]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), "Fairphone");
    assert!(row.get::<_, bool>(1));
    assert!(row.get::<_, bool>(2));
    assert_eq!(row.get::<_, String>(3), r#"{"gclid": "abc"}"#);
    assert_eq!(row.get::<_, i64>(4), NOW.as_millis() + 100_000);
    assert_eq!(row.get::<_, i64>(5), 5);
    assert_eq!(row.get::<_, i64>(6), 4);
    assert_eq!(row.get::<_, String>(7), "192.0.2.7");
}
