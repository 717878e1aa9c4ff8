//! The session tables' partitions by month.

use std::time::{Duration, Instant};

use kogents_domain::store::{Scope, Store};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::real_now;
use tokio_postgres::Client;

use crate::server::{TestDatabase, connect};

/// 2031-03-01T00:00:00Z in milliseconds.
const MARCH_2031: u64 = 1_930_089_600_000;

/// The least id of a moment, as text.
fn floor(millis: u64) -> String {
    uuid::Uuid::from_u128(u128::from(millis) << 80).to_string()
}

async fn partition_of(client: &Client, id: &str) -> String {
    let query = format!("SELECT tableoid::regclass::text FROM session_activity WHERE id = '{id}'");
    client.query_one(&query, &[]).await.unwrap().get(0)
}

async fn add(client: &Client, id: &str) {
    let insert = format!("INSERT INTO session_activity (id, last_activity_at) VALUES ('{id}', 0)");
    client.batch_execute(&insert).await.unwrap();
}

pub(crate) async fn strays(store: &dyn Store) -> u64 {
    let mut unit = store.read(Scope::System).await.unwrap();
    unit.session_upkeep().lag(real_now()).await.unwrap().strays
}

async fn make(client: &Client, months: i32) -> i32 {
    let call = "SELECT kogents_make_session_partitions('2031-03-17', $1)";
    client.query_one(call, &[&months]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r10_months_begin_with_their_first_millisecond() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    assert_eq!(make(&client, 2).await, 6);
    assert_eq!(make(&client, 3).await, 3, "what exists is not made again");
    let last_of_february = floor(MARCH_2031 - 1);
    let first_of_march = floor(MARCH_2031);
    let last_of_march = floor(MARCH_2031 + 31 * 86_400_000 - 1);
    let first_of_april = floor(MARCH_2031 + 31 * 86_400_000);
    for (id, partition) in [
        (last_of_february, "session_activity_default"),
        (first_of_march, "session_activity_y2031m03"),
        (last_of_march, "session_activity_y2031m03"),
        (first_of_april, "session_activity_y2031m04"),
    ] {
        add(&client, &id).await;
        assert_eq!(partition_of(&client, &id).await, partition, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r10_rows_that_came_before_their_partition_are_moved_into_it() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    let early = floor(MARCH_2031 + 5);
    let store = database.open().await;
    assert_eq!(strays(&store).await, 0);
    add(&client, &early).await;
    assert_eq!(
        partition_of(&client, &early).await,
        "session_activity_default"
    );
    assert_eq!(strays(&store).await, 1);
    assert_eq!(make(&client, 1).await, 3);
    assert_eq!(strays(&store).await, 0);
    assert_eq!(
        partition_of(&client, &early).await,
        "session_activity_y2031m03"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r10_strays_are_counted_up_to_a_bound() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    let early = floor(MARCH_2031);
    let many = format!(
        "INSERT INTO session_activity (id, last_activity_at) \
         SELECT ('{}' || to_char(n, 'FM000000000000'))::uuid, 0 FROM generate_series(1, 10001) n",
        &early[..24]
    );
    client.batch_execute(&many).await.unwrap();
    assert_eq!(strays(&database.open().await).await, 10_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r10_this_month_and_the_next_two_are_there_from_the_start() {
    let Some(database) = TestDatabase::empty().await else {
        return;
    };
    drop(database.open().await);
    let client = connect(database.url()).await;
    let call = "SELECT kogents_make_session_partitions((now() AT TIME ZONE 'UTC')::date, 3)";
    let made: i32 = client.query_one(call, &[]).await.unwrap().get(0);
    assert_eq!(made, 0);
    let narrow = "SELECT count(*) FROM pg_class WHERE relname LIKE 'session_activity_%' \
                  AND relkind = 'r' AND reloptions @> '{fillfactor=70}'";
    let narrow: i64 = client.query_one(narrow, &[]).await.unwrap().get(0);
    assert_eq!(narrow, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stepped_down_role_may_make_partitions() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    client.batch_execute("SET ROLE kogents_app").await.unwrap();
    assert_eq!(make(&client, 1).await, 3);
}

/// Drops March 2031 as the sweep does.
async fn drop_march(database: &TestDatabase) -> u64 {
    let march = Timestamp::from_millis(i64::try_from(MARCH_2031).unwrap());
    let april = march.plus(Span::from_secs(31 * 86_400));
    let store = database.open().await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    let upkeep = unit.session_upkeep();
    let dropped = upkeep.drop_opened_before(april, 10).await.unwrap();
    unit.commit().await.unwrap();
    dropped
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r10_dropping_months_waits_for_a_moment_only_and_then_leaves_it() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    assert_eq!(make(&client, 1).await, 3);
    let reader = connect(database.url()).await;
    for table in ["sessions", "session_facts", "session_activity"] {
        let read = format!("BEGIN; SELECT FROM {table}");
        reader.batch_execute(&read).await.unwrap();
        let started = Instant::now();
        assert_eq!(drop_march(&database).await, 0, "{table}");
        assert!(started.elapsed() < Duration::from_secs(3), "{table}");
        reader.batch_execute("ROLLBACK").await.unwrap();
    }
    // Nor does it wait for somebody who makes partitions.
    let busy = "BEGIN; \
        SELECT pg_advisory_xact_lock(hashtext('kogents_make_session_partitions'))";
    reader.batch_execute(busy).await.unwrap();
    assert_eq!(drop_march(&database).await, 0);
    reader.batch_execute("ROLLBACK").await.unwrap();
    // This month and the next two lie before it, too, and are as empty.
    assert_eq!(drop_march(&database).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_a_default_partition_are_left_alone() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    let early = floor(MARCH_2031 + 5);
    add(&client, &early).await;
    assert_eq!(drop_march(&database).await, 3);
    assert_eq!(
        partition_of(&client, &early).await,
        "session_activity_default"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn making_partitions_that_exist_waits_for_nobody() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let blocker = connect(database.url()).await;
    let lock = "BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE; \
        SELECT pg_advisory_xact_lock(hashtext('kogents_make_session_partitions'))";
    blocker.batch_execute(lock).await.unwrap();
    let store = database.open().await;
    let mut unit = store.begin(Scope::System).await.unwrap();
    let upkeep = unit.session_upkeep();
    // The template may have been made in the month before.
    let making = upkeep.make_partitions(real_now(), 1);
    let made = tokio::time::timeout(Duration::from_secs(5), making).await;
    assert_eq!(made.unwrap(), Ok(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_is_let_may_drop_partitions() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    let call = "SELECT kogents_drop_session_partitions('2031-04-01', 10)";
    let everybody = "SELECT count(*) FROM pg_proc p, aclexplode(p.proacl) a \
        WHERE p.proname = 'kogents_drop_session_partitions' AND a.grantee = 0";
    let everybody: i64 = client.query_one(everybody, &[]).await.unwrap().get(0);
    assert_eq!(everybody, 0);
    client.batch_execute("SET ROLE kogents_app").await.unwrap();
    let dropped: i32 = client.query_one(call, &[]).await.unwrap().get(0);
    assert_eq!(dropped, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_migrations_can_be_undone() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    // A message that the second migration does not let a dead letter keep.
    let dead = "INSERT INTO outbox (id, lane, template, language, recipient, payload, run_at, state, \
            created_at, finished_at) \
        VALUES (gen_random_uuid(), 'other', 'welcome', 'en', 'a@b.example', '', 0, 'dead', 0, 0)";
    client.batch_execute(dead).await.unwrap();
    for down in [
        include_str!("../../../../migrations/postgres/0006_notices/down.sql"),
        include_str!("../../../../migrations/postgres/0005_audit/down.sql"),
        include_str!("../../../../migrations/postgres/0004_workspaces/down.sql"),
        include_str!("../../../../migrations/postgres/0003_mail_queue/down.sql"),
        include_str!("../../../../migrations/postgres/0002_session_upkeep/down.sql"),
        include_str!("../../../../migrations/postgres/0001_initial/down.sql"),
    ] {
        client.batch_execute(down).await.unwrap();
    }
    let left = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                WHERE n.nspname = 'public' AND relname NOT LIKE '%diesel_schema_migrations%'";
    let left: i64 = client.query_one(left, &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}
