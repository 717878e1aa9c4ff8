//! What a list, a sweep and forgetting cost where there are many entries: no list goes through the
//! log of others, nor through a workspace's whole log where something narrower is asked for.
//!
//! The server counts pages. There are 20,000 entries, or 400,000 with `cargo xtask test slow`; they
//! are asked for before they have statistics as well as after.

use std::time::{Duration, Instant};

use kogents_adapter_postgres::{PgOptions, PgStore};
use kogents_domain::audit::{AuditAction, AuditFilter, KEPT};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, Store as _};
use kogents_domain::time::{Span, Timestamp};
use kogents_testkit::builders::real_now;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::server::{TestDatabase, connect, patient};

/// Who does more than others.
const BUSY: u128 = 1;

/// Half of the entries lie in the first workspace, the others in a hundred; every seventh is by the
/// first person, who is busy in all of them; the others by a thousand. The last five hundred moments
/// are past keeping. Of what is asked for there are few: `role.created` is one in a thousand.
const FILL: &str = "
    ALTER TABLE audit SET (autovacuum_enabled = off);
    INSERT INTO audit (id, workspace_id, at, actor_id, action, details)
        SELECT ('0192f3c0-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
            ('0192f3c0-0001-7000-8000-' || lpad(to_hex(
                CASE WHEN i % 2 = 0 THEN 1 ELSE 2 + i / 7 % 100 END), 12, '0'))::uuid,
            CASE WHEN i < 500 THEN i ELSE
                (extract(epoch FROM now()) * 1000)::bigint - ({entries} - i) * 60000::bigint END,
            ('0192f3c0-0002-7000-8000-' || lpad(to_hex(
                CASE WHEN i % 7 = 0 THEN 1 ELSE 2 + i % 1000 END), 12, '0'))::uuid,
            CASE WHEN i % 1000 = 0 THEN 'role.created' WHEN i % 3 = 0 THEN 'session.ended'
                ELSE 'session.opened' END, '{}'
        FROM generate_series(0, {entries} - 1) AS i;
";

/// Pages of the table and its indexes, found in memory or not; and rows read without an index.
const COUNTED: &str = "SELECT \
    (SELECT (heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::bigint \
        FROM pg_statio_user_tables WHERE relname = 'audit'), \
    (SELECT seq_tup_read::bigint FROM pg_stat_user_tables WHERE relname = 'audit')";

const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid() \
    AND backend_type = 'client backend'";

/// The most pages that a page of twenty may cost: each entry lies on one of its own, below three
/// levels of an index; as many are passed over that are not what is asked for.
const LIST: u64 = 60;

fn uuid(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128(0x0192_f3c0_0000_7000_8000_0000_0000_0000 | (kind << 80) | number)
}

fn workspace(number: u128) -> WorkspaceId {
    WorkspaceId::from_uuid(uuid(1, number))
}

fn person(number: u128) -> UserId {
    UserId::from_uuid(uuid(2, number))
}

async fn counted(client: &Client) -> (u64, u64) {
    let flush = "SELECT pg_stat_force_next_flush()";
    client.batch_execute(flush).await.unwrap();
    let row = client.query_one(COUNTED, &[]).await.unwrap();
    let count = |column: usize| u64::try_from(row.get::<_, i64>(column)).unwrap();
    (count(0), count(1))
}

/// A connection tells what it counted when it ends, at the latest.
async fn ended(store: PgStore, client: &Client) {
    store.close();
    drop(store);
    let started = Instant::now();
    while client
        .query_one(OTHERS, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        > 0
    {
        assert!(started.elapsed() < Duration::from_secs(10), "it stays");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What somebody asks of the log.
#[derive(Debug, Clone, Copy)]
enum Asked {
    List(WorkspaceId, AuditFilter),
    OfActor(UserId),
    Sweep(u32),
    Forget(UserId),
}

impl Asked {
    async fn ask(self, store: &PgStore) {
        let scope = match self {
            Self::List(workspace, _) => Scope::Workspace(workspace),
            Self::OfActor(actor) => Scope::Person(actor),
            Self::Sweep(_) | Self::Forget(_) => Scope::System,
        };
        let mut unit = store.begin(scope).await.unwrap();
        let audit = unit.audit();
        let limit = PageLimit::DEFAULT;
        match self {
            Self::List(workspace, filter) => {
                let page = audit.list(workspace, filter, limit, None).await.unwrap();
                if page.next.is_some() {
                    let second = audit.list(workspace, filter, limit, page.next).await;
                    assert!(!second.unwrap().items.is_empty());
                }
            }
            Self::OfActor(actor) => {
                let page = audit.list_of_actor(actor, limit, None).await.unwrap();
                assert!(!page.items.is_empty());
            }
            Self::Sweep(most) => {
                let removed = audit.sweep(real_now(), most).await.unwrap();
                assert_eq!(removed, u64::from(most));
            }
            Self::Forget(actor) => audit.forget_actor(actor).await.unwrap(),
        }
        unit.commit().await.unwrap();
    }

    /// The most pages that it may cost.
    fn most(self, entries: u64) -> u64 {
        match self {
            // All that the person did there is read, to find next to none of it: by the busy one half
            // of a seventh lies in the first workspace, each entry on a page of its own.
            Self::List(_, filter)
                if filter.actor == Some(person(BUSY))
                    && filter.action != Some(AuditAction::SessionOpened) =>
            {
                entries / 14 + entries / 100 + 2 * LIST
            }
            Self::List(_, _) => 2 * LIST,
            Self::OfActor(_) => LIST,
            // An entry, by the index of moments and then by its id.
            Self::Sweep(most) => u64::from(most) * 10 + LIST,
            // Of a thousandth of the entries each is found and changed, with new entries in six
            // indexes.
            Self::Forget(_) => (entries / 1_000 + 10) * 50,
        }
    }
}

/// Every combination of what may be asked for, of a workspace with much and of one with little, of
/// who is busy, of somebody else and of somebody who never was there; those together that have one
/// actor and action.
fn lists() -> Vec<Vec<Asked>> {
    let now = real_now();
    let ago = |hours: i64| now.minus(Span::from_secs(hours * 3_600));
    let moments: [(Option<Timestamp>, Option<Timestamp>); 4] = [
        (None, None),
        (Some(ago(48)), None),
        (None, Some(ago(120))),
        (Some(ago(200)), Some(ago(120))),
    ];
    let mut lists = Vec::new();
    for actor in [
        None,
        Some(person(BUSY)),
        Some(person(8)),
        Some(person(9_999)),
    ] {
        for action in [
            None,
            Some(AuditAction::SessionOpened),
            Some(AuditAction::RoleCreated),
            Some(AuditAction::RoleDeleted),
        ] {
            let filters = moments.map(|(from, to)| AuditFilter {
                action,
                actor,
                from,
                to,
            });
            let both = [workspace(1), workspace(7)].into_iter();
            let asked = both.flat_map(|id| filters.map(|filter| Asked::List(id, filter)));
            lists.push(asked.collect());
        }
    }
    lists
}

/// What it costs altogether, in pages, and in rows that were read without an index.
async fn cost(database: &TestDatabase, client: &Client, asked: &[Asked]) -> (u64, u64) {
    let options = PgOptions {
        max_connections: Some(1),
        ..patient()
    };
    let (before, unread) = counted(client).await;
    let store = PgStore::connect(database.url(), options).await.unwrap();
    for one in asked {
        one.ask(&store).await;
    }
    ended(store, client).await;
    let (after, read) = counted(client).await;
    (after - before, read - unread)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_filter_goes_through_a_log_for_what_an_index_knows() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is no setting of the product"
    )]
    let slow = std::env::var_os("KOGENTS_SLOW").is_some();
    let entries: u64 = if slow { 400_000 } else { 20_000 };
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let client = connect(database.url()).await;
    let fill = FILL.replace("{entries}", &entries.to_string());
    client.batch_execute(&fill).await.unwrap();
    assert!(real_now().minus(KEPT).as_millis() > 500);
    let mut faults = Vec::new();
    for (state, prepare, gone) in [
        ("without statistics", "SELECT", 10),
        ("with statistics", "ANALYZE", 8),
    ] {
        client.batch_execute(prepare).await.unwrap();
        let mut all = lists();
        all.push(
            [BUSY, 8]
                .map(|number| Asked::OfActor(person(number)))
                .into(),
        );
        all.extend([vec![Asked::Sweep(100)], vec![Asked::Forget(person(gone))]]);
        for asked in all {
            let (pages, unread) = cost(&database, &client, &asked).await;
            let most: u64 = asked.iter().map(|one| one.most(entries)).sum();
            if pages > most || unread > 0 {
                faults.push(format!(
                    "{asked:?}: {pages} pages of at most {most}, {unread} rows unasked, {state}"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
}
