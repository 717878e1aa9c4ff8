//! The log grows at one end and shrinks at the other, and nowhere else: the database sees to it.

use std::time::Duration;

use kogents_domain::audit::KEPT;
use kogents_domain::time::{Span, Timestamp};
use serde_json::json;

use crate::support::{Account, Backend, PASSWORD, Sql, TestApp, audit_rows, on_both, within};

on_both!(
    the_database_refuses_to_change_or_delete_what_was_done,
    entries_past_keeping_go_and_younger_ones_stay,
    a_server_whose_clock_is_ahead_deletes_nothing_too_soon,
);

/// A log with entries of somebody who is there.
async fn filled(app: &TestApp) -> Account {
    let ada = app.sign_up_and_confirm("ada@example.com").await;
    app.make_role(&ada.access_token, "Night shift", &["chat:read"])
        .await;
    ada
}

/// A statement as the server itself would send it: in one of its scopes and, on PostgreSQL, in the
/// role that it steps down to.
fn as_the_server(sql: Sql<'_>, scope: &str, ada: &Account, statement: &str) -> String {
    if sql.is_embedded() {
        return statement.to_owned();
    }
    format!(
        "BEGIN; SET LOCAL kogents.scope = '{scope}'; \
         SET LOCAL kogents.workspace_id = '{}'; SET LOCAL kogents.user_id = '{}'; \
         SET LOCAL ROLE kogents_app; {statement}; COMMIT",
        ada.workspace_id, ada.user_id
    )
}

async fn the_database_refuses_to_change_or_delete_what_was_done(backend: &Backend) {
    let app = backend.start().await;
    let ada = filled(&app).await;
    let sql = Sql::of(backend, &app);
    let kept = audit_rows(sql).await;
    assert!(kept.len() >= 6, "{kept:?}");
    let nobody = sql.id("0192f3c0-ffff-7abc-8def-0123456789ab");
    let one = sql.id(&kept[0].id);
    let mut statements = vec![
        "DELETE FROM audit".to_owned(),
        format!("DELETE FROM audit WHERE id = {one}"),
        "UPDATE audit SET details = '{}'".to_owned(),
        "UPDATE audit SET action = 'session.opened'".to_owned(),
        "UPDATE audit SET target = NULL".to_owned(),
        "UPDATE audit SET at = at - 1".to_owned(),
        "UPDATE audit SET at = 0".to_owned(),
        "UPDATE audit SET workspace_id = NULL".to_owned(),
        format!("UPDATE audit SET id = {nobody} WHERE id = {one}"),
        format!("UPDATE audit SET actor_id = {nobody}"),
        "UPDATE audit SET ip_address = NULL".to_owned(),
        "UPDATE audit SET session_id = NULL".to_owned(),
        // Of somebody who is there it is not forgotten that it was they.
        "UPDATE audit SET actor_id = NULL, ip_address = NULL, session_id = NULL".to_owned(),
        format!(
            "INSERT INTO audit (id, at, action, details) VALUES ({one}, 0, 'session.ended', '{{}}')"
        ),
    ];
    if sql.is_embedded() {
        statements.extend([
            format!(
                "INSERT OR REPLACE INTO audit (id, at, action, details) \
                 VALUES ({one}, 0, 'session.ended', '{{}}')"
            ),
            format!("UPDATE OR REPLACE audit SET id = {one}"),
        ]);
    } else {
        statements.extend([
            "TRUNCATE audit".to_owned(),
            format!(
                "INSERT INTO audit (id, at, action, details) \
                 VALUES ({one}, 0, 'session.ended', '{{}}') \
                 ON CONFLICT (id) DO UPDATE SET at = 0"
            ),
        ]);
    }
    for statement in &statements {
        for scope in ["system", "member", "person", ""] {
            let ran = sql.run(&as_the_server(sql, scope, &ada, statement)).await;
            // In a scope that does not reach the rows there may be nothing to refuse.
            let is_refused = ran.is_err() || scope != "system";
            assert!(is_refused, "{statement} in the scope {scope}");
            assert_eq!(audit_rows(sql).await, kept, "{statement} in {scope}");
        }
        // Nor is it done by whoever owns the table.
        let ran = sql.run(statement).await;
        assert!(ran.is_err(), "{statement}");
        assert_eq!(audit_rows(sql).await, kept, "{statement}");
    }
    if !sql.is_embedded() {
        // And what guards it is not the server's to take away.
        for statement in [
            "DROP TRIGGER append_only ON audit",
            "ALTER TABLE audit DISABLE TRIGGER ALL",
            "ALTER TABLE audit DISABLE ROW LEVEL SECURITY",
            "DROP TABLE audit",
            "SET LOCAL session_replication_role = replica",
        ] {
            let ran = sql
                .run(&as_the_server(sql, "system", &ada, statement))
                .await;
            assert!(ran.is_err(), "{statement}");
        }
        assert_eq!(audit_rows(sql).await, kept);
    }
}

/// Adds entries of a moment, with ids that nothing else has.
async fn add(sql: Sql<'_>, ada: &Account, at: Timestamp, numbers: std::ops::Range<u32>) {
    let workspace = sql.id(&ada.workspace_id);
    let actor = sql.id(&ada.user_id);
    let rows: Vec<String> = numbers
        .map(|number| {
            let id = sql.id(&format!("0192f3c0-0000-7abc-8def-0000{number:08x}"));
            format!(
                "({id}, {workspace}, {}, {actor}, 'session.opened', '{{}}')",
                at.as_millis()
            )
        })
        .collect();
    let insert = format!(
        "INSERT INTO audit (id, workspace_id, at, actor_id, action, details) VALUES {}",
        rows.join(", ")
    );
    sql.run(&insert).await.unwrap();
}

async fn start(backend: &Backend) -> TestApp {
    backend
        .start_with(|config| config.sizes.sweep_interval = Span::from_secs(1))
        .await
}

async fn entries_past_keeping_go_and_younger_ones_stay(backend: &Backend) {
    let app = start(backend).await;
    let ada = filled(&app).await;
    let sql = Sql::of(backend, &app);
    let young = audit_rows(sql).await;
    let now = app.now();
    let hour = Span::from_secs(3_600);
    // More than go at once.
    add(sql, &ada, now.minus(KEPT).minus(hour), 0..2_500).await;
    add(sql, &ada, Timestamp::from_millis(0), 2_500..2_501).await;
    add(sql, &ada, now.minus(KEPT).plus(hour), 2_501..2_503).await;
    let left = within(async || {
        let rows = audit_rows(sql).await;
        (rows.len() <= young.len() + 2).then_some(rows)
    })
    .await;
    assert_eq!(left.len(), young.len() + 2);
    assert_eq!(left[2..], young);
    assert_eq!(left[0].at, now.minus(KEPT).plus(hour));
    // The next sweeps leave them.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(audit_rows(sql).await, left);
    let listed = app.whole_audit(&ada.access_token, "").await;
    assert_eq!(listed.len(), left.len());
}

async fn a_server_whose_clock_is_ahead_deletes_nothing_too_soon(backend: &Backend) {
    let app = start(backend).await;
    let ada = filled(&app).await;
    let sql = Sql::of(backend, &app);
    let kept = audit_rows(sql).await;
    // Something that the sweep does take, so that it is known to have been there.
    add(sql, &ada, Timestamp::from_millis(0), 0..1).await;
    app.advance_secs(KEPT.as_millis() / 1_000 + 86_400);
    within(async || {
        let rows = audit_rows(sql).await;
        rows.iter().all(|row| row.at.as_millis() > 0).then_some(())
    })
    .await;
    let rows = audit_rows(sql).await;
    assert_eq!(rows[..kept.len()], kept);
    // And it goes on with what else it has to do.
    app.log_in(&ada.email, PASSWORD).await.expect(200);
    let ready = app.get("/health/ready").await;
    assert_eq!(ready.status, 200, "{}", json!(ready.text));
}
