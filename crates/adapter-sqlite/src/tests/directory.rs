//! A directory of 10,000 members and 500 who are invited answers quickly, also far from its
//! beginning and when it is searched.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use kogents_domain::store::UnitOfWork as _;
use kogents_domain::workspace::{DirectoryQuery, DirectorySort, SearchPrefix};

use super::workspaces::everybody;
use crate::store::SqliteStore;
use crate::unit_of_work::{Begin, SqliteUnitOfWork};

/// In the workspace of the tests. Ten members each have one name, two each came in at one moment;
/// everybody has a session there.
const FILL: &str = "
    INSERT INTO workspaces (id, name, slug, branding, created_at, updated_at)
        VALUES (unhex(printf('%032x', 3)), 'Acme', 'acme', '{}', 0, 0);
    INSERT INTO roles (id, workspace_id, name, description, is_active, created_at, updated_at)
        VALUES (unhex(printf('%032x', 5)), unhex(printf('%032x', 3)), 'Agent', '', 1, 0, 0);
    INSERT INTO users (id, email, email_normalised, name, password_hash, notify_new_device,
        first_touch, signup_id, created_at, updated_at)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        SELECT unhex(printf('%032x', 1000 + i)), printf('%d@x.example', i * 7919 % 10000),
            printf('%d@x.example', i * 7919 % 10000), printf('Ada %d', i * 7 % 1000), 'none', 1,
            '{\"version\":1,\"analytics\":{}}', unhex(printf('%032x', 1000 + i)), 0, 0
        FROM n;
    INSERT INTO memberships (workspace_id, user_id, role_id, status, created_at, updated_at,
        name_key, email_key)
        SELECT unhex(printf('%032x', 3)), id, unhex(printf('%032x', 5)), 'ACTIVE',
            (row_number() OVER (ORDER BY id)) * 13 % 5000, 0, lower(name), email_normalised
        FROM users;
    INSERT INTO sessions (id, user_id, workspace_id, session_type, started_at, idle_expires_at,
        absolute_expires_at, refresh_generation, refresh_digest, refresh_rotated_at, refresh_spent)
        SELECT id, id, unhex(printf('%032x', 3)), 'WEB', 0, 1, 1, 0, zeroblob(32), 0, '[]'
        FROM users;
    INSERT INTO session_activity SELECT id, 0, 0, 0, 0, 1, 77 FROM users;
    INSERT INTO invitations (id, workspace_id, role_id, email, email_normalised, name, digest,
        created_at, updated_at, expires_at, name_key, email_key)
        SELECT unhex(printf('%032x', 100000 + row_number() OVER ())), unhex(printf('%032x', 3)),
            unhex(printf('%032x', 5)), 'i' || email, 'i' || email, name, randomblob(32),
            created_at, 0, 0, lower(name), 'i' || email
        FROM users ORDER BY id LIMIT 500;
";

/// How long a page takes: the median of eleven times.
async fn time_of(work: &mut SqliteUnitOfWork, query: &DirectoryQuery, total: u64) -> Duration {
    let mut times = Vec::new();
    for _ in 0..11 {
        let begun = Instant::now();
        let page = work.directory().list(query).await.unwrap();
        times.push(begun.elapsed());
        assert_eq!(page.entries.len(), usize::from(query.limit.get()));
        assert_eq!(page.total, total);
    }
    times.sort();
    times[times.len() / 2]
}

#[tokio::test]
async fn a_directory_of_ten_thousand_answers_within_50_ms() {
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    work.run(|conn| Ok(conn.batch_execute(FILL)?))
        .await
        .unwrap();
    let mut queries = Vec::new();
    for descending in [false, true] {
        for sort in DirectorySort::ALL {
            let far = DirectoryQuery {
                sort,
                descending,
                offset: 9_990,
                limit: kogents_domain::page::PageLimit::new(10).unwrap(),
                ..everybody()
            };
            queries.push((far.clone(), 10_500));
            // Everybody's name begins so.
            let broad = DirectoryQuery {
                search: SearchPrefix::parse("ad").unwrap(),
                offset: 0,
                ..far.clone()
            };
            queries.push((broad, 10_500));
            // Those with the numbers 77 and 770 to 779: 110 members, and seven who are invited.
            let search = DirectoryQuery {
                search: SearchPrefix::parse("\u{C1}da 77").unwrap(),
                offset: 0,
                ..far
            };
            queries.push((search, 117));
        }
    }
    for (query, total) in queries {
        let took = time_of(&mut work, &query, total).await;
        assert!(took < Duration::from_millis(50), "{took:?} for {query:?}");
    }
}
