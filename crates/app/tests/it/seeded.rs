//! What `cargo xtask seed` writes straight into the tables the server reads as its own.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use serde_json::{Value, json};

use crate::support::{Backend, Client, Folder, connect, on_both};

const PASSWORD: &str = "seeded persons sign in with this";
const PERSONS: usize = 40;
const SESSIONS: usize = 2_000;

const MIX: &str = include_str!("../../../../xtask/src/seed/mix.sql");
const NUMBERS: &str = include_str!("../../../../xtask/src/seed/numbers.sql");

on_both!(the_server_reads_every_seeded_session);

async fn the_server_reads_every_seeded_session(backend: &Backend) {
    let folder = Folder::on(backend);
    assert_eq!(folder.start().end_by("TERM").code(), Some(0));
    match backend {
        Backend::Embedded => seed_sqlite(&folder, PERSONS, SESSIONS),
        Backend::Servers { .. } => seed_postgres(backend.database_url()).await,
    }

    let program = folder.start();
    let mut all = Vec::new();
    for person in 1..=PERSONS {
        let sessions = sessions_of(&program.client, person).await;
        assert!(sessions.len() > 1, "person {person}");
        all.extend(sessions);
    }
    // Everybody has signed in once more.
    assert_eq!(all.len(), SESSIONS + PERSONS);
    let ids: BTreeSet<&str> = texts(&all, "id");
    assert_eq!(ids.len(), all.len());
    assert!(texts(&all, "countryCode").len() > 10);
    assert!(texts(&all, "channel").len() > 8);
    assert!(texts(&all, "endReason").len() > 6);
    let live = all.iter().filter(|session| session["isActive"] == true);
    let live = live.count();
    assert!((PERSONS + 10..300).contains(&live), "{live} are live");
    assert!(all.iter().any(|session| session["isNewDevice"] == true));
    for session in &all {
        let engaged = session["engagedDurationSec"].as_u64().unwrap();
        assert!(engaged <= session["sessionDurationSec"].as_u64().unwrap());
        assert_eq!(session["isActive"] == false, session["endedAt"].is_string());
    }
}

/// Signs a person in and lists that person's sessions, page by page.
async fn sessions_of(client: &Client, person: usize) -> Vec<Value> {
    let email = format!("person-{person}@seeded.example");
    let body = json!({ "email": email, "password": PASSWORD });
    let body = client.post_native("/auth/login", body).await.expect(200);
    // Everybody is a member of a workspace, the first of five as its admin.
    let role = ["admin", "manager", "agent", "agent", "viewer"][(person - 1) % 5];
    assert_eq!(body["user"]["role"], role, "{body}");
    let token = body["access_token"].as_str().unwrap();
    let mut path = "/health/sessions?all=true&limit=100".to_owned();
    let mut sessions = Vec::new();
    loop {
        let page = client.get_as(token, &path).await.expect(200);
        sessions.extend(page["sessions"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/health/sessions?all=true&limit=100&cursor={cursor}"),
            None => return sessions,
        }
    }
}

/// The distinct texts under a name.
fn texts<'s>(sessions: &'s [Value], name: &str) -> BTreeSet<&'s str> {
    sessions.iter().filter_map(|s| s[name].as_str()).collect()
}

/// Everything that the task runs for so many persons and sessions, as one script; the store says
/// what time it is.
fn script(
    [prepare, start, persons, sessions]: [&str; 4],
    now_secs: &str,
    (person_count, session_count): (usize, usize),
) -> String {
    format!(
        "{prepare} {MIX}
         INSERT INTO seed_run
             SELECT 7, {person_count}, {session_count}, 1000 * now - 31104000000, 1000 * now, 0, 0, 0, 0
             FROM (SELECT {now_secs} AS now) AS clock;
         {start}
         UPDATE seed_run SET first_number = 1, last_number = {person_count}, salt = 17;
         {NUMBERS} {persons}
         UPDATE seed_run SET first_number = 1, last_number = {session_count} / 2, salt = 29;
         {NUMBERS} {sessions}
         UPDATE seed_run SET first_number = {session_count} / 2 + 1, last_number = {session_count};
         {NUMBERS} {sessions}"
    )
}

/// Fills the database of a server that has ended.
pub(crate) fn seed_sqlite(folder: &Folder, persons: usize, sessions: usize) {
    let scripts = [
        include_str!("../../../../xtask/src/seed/sqlite/prepare.sql"),
        include_str!("../../../../xtask/src/seed/sqlite/start.sql"),
        include_str!("../../../../xtask/src/seed/sqlite/persons.sql"),
        include_str!("../../../../xtask/src/seed/sqlite/sessions.sql"),
    ];
    let database = folder.path("data/kogents.db");
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection
        .batch_execute(&script(scripts, "unixepoch()", (persons, sessions)))
        .unwrap();
}

async fn seed_postgres(url: &str) {
    let scripts = [
        include_str!("../../../../xtask/src/seed/postgres/prepare.sql"),
        include_str!("../../../../xtask/src/seed/postgres/start.sql"),
        include_str!("../../../../xtask/src/seed/postgres/persons.sql"),
        include_str!("../../../../xtask/src/seed/postgres/sessions.sql"),
    ];
    let client = connect(url).await;
    client
        .batch_execute(&script(
            scripts,
            "extract(epoch FROM now())::bigint",
            (PERSONS, SESSIONS),
        ))
        .await
        .unwrap();
    let strays = "SELECT kogents_default_partition_rows()";
    let strays: i64 = client.query_one(strays, &[]).await.unwrap().get(0);
    assert_eq!(strays, 0, "rows whose month has no partition");
}
