//! As many persons and sessions as one machine has at most, moved; a few of them unless every test
//! runs at full length.

use std::time::{Duration, Instant};

use super::{Move, PUBLIC_URL, borrowed, equality, succeeded};
use crate::seeded::seed_sqlite;
use crate::support::is_slow;

/// The longest that an import may take at full length, also unoptimised on two cores.
const LIMIT: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn many_persons_and_sessions_are_equal_where_they_were_moved_to() {
    let Some(moving) = Move::new().await else {
        return;
    };
    let (persons, sessions) = if is_slow() {
        (100_000, 300_000)
    } else {
        (200, 3_000)
    };
    let program = moving.from.start_with(&[PUBLIC_URL]);
    let ada = program.client.sign_up_and_confirm("ada@example.com").await;
    assert_eq!(program.end_by("TERM").code(), Some(0));
    seed_sqlite(&moving.from, persons, sessions);
    let begun = Instant::now();
    let secrets = moving.exported("out");
    let exported = begun.elapsed();
    let begun = Instant::now();
    succeeded(&moving.import("out", &secrets, &[]));
    let imported = begun.elapsed();
    println!("{persons} persons, {sessions} sessions: export {exported:?}, import {imported:?}");
    assert!(imported < LIMIT, "{imported:?}");
    let (here, there) = equality::all_rows(&moving.database(), moving.backend.database_url()).await;
    assert_eq!(here["users"].len(), persons + 1);
    assert_eq!(here["sessions"].len(), sessions + 1);
    for (table, rows) in &here {
        assert!(rows == &there[table], "{table}");
    }
    let program = moving.to.start_with(&borrowed(&secrets));
    let refreshed = program.client.refresh(&ada.refresh_token).await.expect(200);
    let access = refreshed["access_token"].as_str().unwrap();
    let profile = program.client.get_as(access, "/users/profile").await;
    assert_eq!(profile.expect(200)["email"], ada.email);
}
