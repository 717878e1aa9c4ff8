//! The plans stay what they are where there are many rows: 30,000 sessions, or 1,000,000 with
//! `cargo xtask test slow`, with statistics and without.

use diesel::connection::SimpleConnection as _;

use super::{assert_no_scan, plans_in};
use crate::store::SqliteStore;
use crate::unit_of_work::Begin;

/// Ten sessions of each person, with facts and counters and an entry in the audit log, and three
/// devices. Of ten, three have ended.
const FILL: &str = "
    INSERT INTO users (id, email, email_normalised, name, password_hash, notify_new_device,
        first_touch, signup_id, created_at, updated_at)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {persons} - 1)
        SELECT unhex(printf('%032x', 1000 + i)), i, i, 'Ada', 'none', 1, '{}',
            unhex(printf('%032x', 1000 + i)), 0, 0
        FROM n;
    INSERT INTO user_devices (user_id, fingerprint, first_seen, last_seen)
        SELECT users.id, 'fp1_' || value, 0, value FROM users, json_each('[1, 2, 3]');
    INSERT INTO sessions (id, user_id, session_type, started_at, idle_expires_at,
        absolute_expires_at, ended_at, end_reason, refresh_generation, refresh_digest,
        refresh_rotated_at, refresh_spent)
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {sessions} - 1)
        SELECT unhex(printf('%012x70008%015x', 1700000000000 + i * 1000, i)),
            unhex(printf('%032x', 1000 + i % {persons})), 'WEB', 1700000000000 + i * 1000,
            1700600000000 + i, 1702000000000 + i,
            iif(i / {persons} < 3, 1700000000000 + i, NULL), iif(i / {persons} < 3, 'logout', NULL),
            0, zeroblob(32), 1700000000000 + i * 1000, '[]'
        FROM n;
    INSERT INTO session_facts (id, ip_address, geo_source, details)
        SELECT id, '192.0.2.7', 'none', '{\"v\":1}' FROM sessions;
    INSERT INTO session_activity
        SELECT id, 0, 0, 0, 0, 1, started_at FROM sessions;
    INSERT INTO audit (id, workspace_id, at, actor_id, action, details)
        SELECT id, unhex(printf('%032x', 3 + row_number() OVER () % 9)), started_at, user_id, 'session.opened', '{}'
        FROM sessions;
";

fn sessions() -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much to test is no setting of the product"
    )]
    let slow = std::env::var_os("KOGENTS_SLOW").is_some();
    if slow { 1_000_000 } else { 30_000 }
}

#[tokio::test]
async fn p4_no_statement_reads_a_whole_table_where_there_are_many_sessions() {
    let fill = FILL
        .replace("{persons}", &(sessions() / 10).to_string())
        .replace("{sessions}", &sessions().to_string());
    let store = SqliteStore::in_memory().unwrap();
    let mut work = store.unit_of_work(Begin::Write).await.unwrap();
    work.run(move |conn| Ok(conn.batch_execute(&fill)?))
        .await
        .unwrap();
    for prepare in ["", "ROLLBACK TO asked; ANALYZE"] {
        let prepare = format!("{prepare}; SAVEPOINT asked");
        work.run(move |conn| Ok(conn.batch_execute(&prepare)?))
            .await
            .unwrap();
        let plans = plans_in(&mut work).await;
        assert_lists_end_early(&plans);
        assert_no_scan(plans);
    }
}

/// The audit log is read in the order that it is asked for: a page is not sorted out of all of it.
fn assert_lists_end_early(plans: &[(String, Vec<String>)]) {
    let lists = plans
        .iter()
        .filter(|(sql, _)| sql.contains("ORDER BY a.at"));
    let mut found = 0;
    for (sql, lines) in lists {
        found += 1;
        let sorts = lines.iter().any(|line| line.contains("TEMP B-TREE"));
        assert!(!sorts, "{lines:#?}\n{sql}");
    }
    assert!(found >= 5, "only {found} lists seen");
}
