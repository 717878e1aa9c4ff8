//! What of the mail queue the ports cannot show: jobs that cannot be read, and what a claim costs.

use kogents_domain::ids::MailId;
use kogents_domain::mail::{ClaimDue, Lane, MailFilter, MailState, QueuedMail, Template};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, Store};
use kogents_domain::time::Span;
use kogents_testkit::builders::{START, a_mail_job};

use crate::server::{TestDatabase, connect};

async fn claim(store: &dyn Store, limit: u16) -> Vec<QueuedMail> {
    let now = START.plus(Span::from_secs(1));
    let claim = ClaimDue {
        lanes: Lane::ALL.to_vec(),
        now,
        lease_until: now.plus(Span::from_secs(60)),
        lease_token: 1,
        limit,
    };
    let mut unit = store.begin(Scope::System).await.unwrap();
    let claimed = unit.outbox().claim_due(claim).await.unwrap();
    unit.commit().await.unwrap();
    claimed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r2_a_job_that_cannot_be_read_is_a_dead_letter_and_stops_nothing() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let [poison, good] = [0, 1].map(|_| a_mail_job(Template::Welcome).build());
    let mut unit = store.begin(Scope::System).await.unwrap();
    for job in [&poison, &good] {
        assert_eq!(unit.outbox().enqueue(job).await, Ok(true));
    }
    unit.commit().await.unwrap();
    let client = connect(database.url()).await;
    let spoil = format!(
        "UPDATE outbox SET recipient = 'nobody' WHERE id = '{}'",
        poison.id
    );
    client.batch_execute(&spoil).await.unwrap();
    let claimed: Vec<MailId> = claim(&store, 10).await.iter().map(|mail| mail.id).collect();
    assert_eq!(claimed, [good.id]);
    let dead = "SELECT id::text, last_error, payload IS NOT NULL FROM outbox WHERE state = 'dead'";
    let rows = client.query(dead, &[]).await.unwrap();
    let told: Vec<(String, String, bool)> = (rows.iter())
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect();
    let why = "outbox.recipient cannot be read back".to_owned();
    assert_eq!(told, [(poison.id.to_string(), why, true)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r6_a_job_of_a_newer_release_is_left_to_it_and_shown() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let job = a_mail_job(Template::Welcome).build();
    let mut unit = store.begin(Scope::System).await.unwrap();
    assert_eq!(unit.outbox().enqueue(&job).await, Ok(true));
    unit.commit().await.unwrap();
    let client = connect(database.url()).await;
    let newer = "UPDATE outbox SET template = 'of a newer release', language = '?'";
    client.batch_execute(newer).await.unwrap();
    assert_eq!(claim(&store, 10).await, []);
    let mut unit = store.read(Scope::System).await.unwrap();
    let queue = unit.outbox_administration();
    let entry = queue.find(job.id).await.unwrap().unwrap();
    assert_eq!(entry.template, "of a newer release");
    assert_eq!(entry.language, "?");
    assert_eq!((entry.state, entry.attempts), (MailState::Queued, 0));
    let listed = queue.list(MailFilter::default(), PageLimit::DEFAULT, None);
    assert_eq!(listed.await.unwrap().items, [entry]);
}

/// Jobs of the least urgent lane, due one after the other.
const BACKLOG: &str = "INSERT INTO outbox (id, lane, template, language, recipient, payload, \
        run_at, state, created_at) \
    SELECT gen_random_uuid(), 'other', 'welcome', 'en', 'a@b.example', '', n, 'queued', n \
    FROM generate_series(1, 30000) AS n";

/// Pages of the queue and its indexes, and rows of it read without an index.
const COUNTED: &str = "SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit, \
        seq_tup_read \
    FROM pg_statio_user_tables JOIN pg_stat_user_tables USING (relid) \
    WHERE relid = 'outbox'::regclass";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_costs_a_claim_nothing() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    client.batch_execute(BACKLOG).await.unwrap();
    let counted = async || {
        let flush = "SELECT pg_stat_force_next_flush()";
        client.batch_execute(flush).await.unwrap();
        let row = client.query_one(COUNTED, &[]).await.unwrap();
        (row.get::<_, i64>(0), row.get::<_, i64>(1))
    };
    let before = counted().await;
    let store = database.open().await;
    assert_eq!(claim(&store, 20).await.len(), 20);
    store.close();
    drop(store);
    // A connection tells what it counted when it ends, at the latest.
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    while client
        .query_one(others, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        > 0
    {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let after = counted().await;
    let pages = after.0 - before.0;
    assert!((1..1_500).contains(&pages), "{pages} pages");
    assert_eq!(after.1 - before.1, 0, "rows were read without an index");
}
