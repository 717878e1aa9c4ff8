//! What an earlier release left behind, and what one does that still runs beside this one.

use kogents_adapter_postgres::PgStore;
use kogents_domain::ids::UserId;
use kogents_domain::store::Scope;
use tokio_postgres::Client;

use crate::seed;
use crate::server::{TestDatabase, connect, patient};

/// The migrations of the release before members were invited.
const EARLIER: [(&str, &str); 3] = [
    (
        "0001",
        include_str!("../../../../migrations/postgres/0001_initial/up.sql"),
    ),
    (
        "0002",
        include_str!("../../../../migrations/postgres/0002_session_upkeep/up.sql"),
    ),
    (
        "0003",
        include_str!("../../../../migrations/postgres/0003_mail_queue/up.sql"),
    ),
];

const APPLIED: &str = "CREATE TABLE __diesel_schema_migrations (\
    version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

async fn apply_earlier(client: &Client) {
    client.batch_execute(APPLIED).await.unwrap();
    for (version, up) in EARLIER {
        let up = format!(
            "BEGIN; {up}; INSERT INTO __diesel_schema_migrations VALUES ('{version}'); COMMIT"
        );
        client.batch_execute(&up).await.unwrap();
    }
}

/// A person as the earlier release adds one.
fn add_person(number: u64, name: &str, email: &str) -> String {
    let (id, normalised) = (seed::uuid(number), email.to_lowercase());
    format!(
        "INSERT INTO users (id, email, email_normalised, name, password_hash, first_touch, \
            signup_id, created_at, updated_at) \
         VALUES ('{id}', '{email}', '{normalised}', '{name}', 'none', \
            '{{\"version\":1,\"analytics\":{{}}}}', '{id}', 0, 0);"
    )
}

/// A membership as the earlier release adds one.
fn add_membership(number: u64) -> String {
    let (workspace, role, user) = (seed::uuid(1), seed::uuid(2), seed::uuid(number));
    format!(
        "INSERT INTO memberships (workspace_id, user_id, role_id, status, created_at, updated_at) \
         VALUES ('{workspace}', '{user}', '{role}', 'ACTIVE', 0, 0);"
    )
}

/// Every key, by the address.
async fn keys(client: &Client, system: &str, table: &str) -> Vec<(String, String)> {
    client
        .batch_execute(&format!("BEGIN; {system}"))
        .await
        .unwrap();
    let query = format!("SELECT name_key, email_key FROM {table} ORDER BY email_key");
    let rows = client.query(&query, &[]).await.unwrap();
    client.batch_execute("COMMIT").await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn key(name: &str, email: &str) -> (String, String) {
    (name.to_owned(), email.to_owned())
}

/// With a login that row-level security binds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_the_release_before_are_sorted_and_found() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    let client = connect(database.url()).await;
    apply_earlier(&client).await;
    let (workspace, role) = (seed::uuid(1), seed::uuid(2));
    let ada = add_person(3, "Ada LOVELACE", "Ada@Example.com");
    let membership = add_membership(3);
    client
        .batch_execute(&format!(
            "BEGIN; SET LOCAL kogents.scope = 'system'; {ada} \
             INSERT INTO workspaces (id, name, slug, created_at, updated_at) \
                 VALUES ('{workspace}', 'Acme', 'acme', 0, 0); \
             INSERT INTO roles (id, workspace_id, name, created_at, updated_at) \
                 VALUES ('{role}', '{workspace}', 'Crew', 0, 0); {membership} \
             INSERT INTO invitations (id, workspace_id, email, email_normalised, name, role_id, \
                 digest, expires_at, created_at, updated_at) \
                 VALUES ('{workspace}', '{workspace}', 'Bo@b.example', 'bo@b.example', 'BO', \
                 '{role}', sha256(''), 0, 0, 0); COMMIT"
        ))
        .await
        .unwrap();
    let store = PgStore::connect(database.url(), patient()).await.unwrap();
    let system = store.scope_statements(Scope::System);
    let ada = key("ada lovelace", "ada@example.com");
    let found = keys(&client, &system, "memberships").await;
    assert_eq!(found, std::slice::from_ref(&ada));
    let found = keys(&client, &system, "invitations").await;
    assert_eq!(found, [key("bo", "bo@b.example")]);

    // It goes on for a while: somebody confirms a signup there,
    let (cy, membership) = (add_person(4, "CY", "Cy@c.example"), add_membership(4));
    client
        .batch_execute(&format!("BEGIN; {system}; {cy} {membership} COMMIT"))
        .await
        .unwrap();
    let found = keys(&client, &system, "memberships").await;
    assert_eq!(found, [ada.clone(), key("cy", "cy@c.example")]);

    // and changes an address, on their own behalf. The name's key is this release's by then.
    let user = UserId::from_uuid(seed::uuid(4));
    let person = store.scope_statements(Scope::Person(user));
    client
        .batch_execute(&format!(
            "BEGIN; {person}; SELECT kogents_set_member_keys('{user}', 'c y', NULL); UPDATE users SET email = 'X@c.example', \
             email_normalised = 'x@c.example' WHERE id = '{user}'; COMMIT"
        ))
        .await
        .unwrap();
    let found = keys(&client, &system, "memberships").await;
    assert_eq!(found, [ada, key("c y", "x@c.example")]);
}
