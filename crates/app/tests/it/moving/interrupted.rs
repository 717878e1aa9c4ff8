//! An import that stops in between: nobody takes it for whole, and it can be finished.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio_postgres::Client;

use super::{Move, Settings, borrowed, equality, refused, succeeded};
use crate::seeded::seed_sqlite;
use crate::support::{connect, kogents, within};

/// An export of some persons and sessions.
async fn seeded() -> Option<(Move, Settings)> {
    let moving = Move::new().await?;
    assert_eq!(moving.from.start().end_by("TERM").code(), Some(0));
    seed_sqlite(&moving.from, 20, 400);
    let secrets = moving.exported("out");
    Some((moving, secrets))
}

/// Begins an import that has to wait before the last table, which somebody else holds.
async fn stuck(moving: &Move, secrets: &Settings, holder: &Client) -> Child {
    let hold = "BEGIN; LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE";
    holder.batch_execute(hold).await.unwrap();
    let mut settings = moving.backend.settings();
    settings.extend(borrowed(secrets));
    let mut command: Command = kogents(&moving.to.path(""), &settings);
    command.args(["import", &moving.export_path("out"), "--quiet"]);
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
        AND datname = current_database() AND query LIKE '%LOCK TABLE \"audit\"%'";
    within(async || {
        // Within a transaction the server tells of its activity as it was when first asked.
        let forget = "SELECT pg_stat_clear_snapshot()";
        holder.batch_execute(forget).await.unwrap();
        let found = holder.query_one(waits, &[]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        (found.get::<_, i64>(0) > 0).then_some(())
    })
    .await;
    child
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_an_import_that_was_killed_is_known_for_what_it_is_and_goes_on() {
    let Some((moving, secrets)) = seeded().await else {
        return;
    };
    let url = moving.backend.database_url();
    let holder = connect(url).await;
    let mut child = stuck(&moving, &secrets, &holder).await;
    child.kill().unwrap();
    child.wait().unwrap();
    holder.batch_execute("ROLLBACK").await.unwrap();

    let row = holder.query_one("SELECT count(*) FROM sessions", &[]).await;
    assert_eq!(
        row.unwrap().get::<_, i64>(0),
        400,
        "tables before it are there"
    );
    let (why, code) = moving.to.try_start(&borrowed(&secrets)).refused();
    assert!(why.contains("was begun and not finished"), "{why}");
    assert!(
        why.contains("run `kogents import` with the same export again"),
        "{why}"
    );
    assert_eq!(code, 2);
    moving.exported("other");
    let (why, _) = refused(&moving.import("other", &secrets, &[]));
    assert!(
        why.contains("the import of another export was begun"),
        "{why}"
    );

    let said = succeeded(&moving.import("out", &secrets, &[]));
    assert!(
        said.contains("going on with the import that stopped"),
        "{said}"
    );
    let (here, there) = equality::all_rows(&moving.database(), url).await;
    assert_eq!(here, there);
    let stray = "SELECT kogents_default_partition_rows()";
    let stray = holder.query_one(stray, &[]).await.unwrap();
    assert_eq!(stray.get::<_, i64>(0), 0, "every month has its partition");
    drop(moving.to.start_with(&borrowed(&secrets)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_writes_meanwhile_stops_it_at_that_table() {
    let Some((moving, secrets)) = seeded().await else {
        return;
    };
    let url = moving.backend.database_url();
    let holder = connect(url).await;
    let child = stuck(&moving, &secrets, &holder).await;
    let add = "INSERT INTO audit VALUES ('0192f3c0-1111-7abc-8def-0123456789ab', NULL, 1, NULL, \
        'x', NULL, NULL, NULL, '{}'); COMMIT";
    holder.batch_execute(add).await.unwrap();
    let (why, code) = refused(&child.wait_with_output().unwrap());
    assert!(
        why.contains("the table audit has 1 rows that are not of this import"),
        "{why}"
    );
    assert!(why.contains("drop the database, create it again"), "{why}");
    assert_eq!(code, 1);
    let (why, _) = refused(&moving.import("out", &secrets, &[]));
    assert!(why.contains("the table audit has 1 rows"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_was_changed_after_the_first_part_is_found_at_the_end() {
    let Some((moving, secrets)) = seeded().await else {
        return;
    };
    let url = moving.backend.database_url();
    let holder = connect(url).await;
    let mut child = stuck(&moving, &secrets, &holder).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let change = "ROLLBACK; UPDATE session_activity SET total_requests = total_requests + 1 \
        WHERE id = (SELECT min(id::text)::uuid FROM session_activity)";
    holder.batch_execute(change).await.unwrap();
    let (why, code) = refused(&moving.import("out", &secrets, &[]));
    assert!(
        why.contains("session_activity is not as it was exported"),
        "{why}"
    );
    assert_eq!(code, 1);
    let start = moving.to.try_start(&borrowed(&secrets));
    assert!(start.refused().0.contains("not finished"));
}
