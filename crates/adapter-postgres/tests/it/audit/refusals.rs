//! The log is append-only: for the application, for the owner of the table and for a superuser.

use kogents_adapter_postgres::{PgStore, RowSecurity};
use kogents_domain::audit::{AuditAction, AuditEntry, AuditTarget};
use kogents_domain::store::{Scope, Store as _};
use kogents_testkit::builders::{an_audit_entry, real_now};
use tokio_postgres::Client;

use crate::seed;
use crate::server::{TestDatabase, connect};

const REFUSED: &str = "the audit log is append-only";

/// What is refused to the application before the table is asked.
const NO_RIGHT: &str = "permission denied for table audit";

const FORGET: &str = "UPDATE audit SET actor_id = NULL, ip_address = NULL, session_id = NULL";

/// What nobody may do while the actor is there, and whether the application has a right to ask.
const FORBIDDEN: [(&str, bool); 13] = [
    ("UPDATE audit SET action = 'forged'", false),
    ("UPDATE audit SET details = '{}', actor_id = NULL", false),
    ("UPDATE audit SET at = 0", false),
    ("UPDATE audit SET workspace_id = NULL", false),
    ("UPDATE audit SET target = NULL", false),
    ("UPDATE audit SET id = workspace_id", false),
    (
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET action = 'x'",
        false,
    ),
    ("TRUNCATE audit", false),
    ("UPDATE audit SET actor_id = session_id", true),
    ("UPDATE audit SET actor_id = NULL", true),
    (
        "UPDATE audit SET ip_address = NULL, session_id = NULL",
        true,
    ),
    (FORGET, true),
    ("DELETE FROM audit", true),
];

/// Asks in a transaction that is opened so, and undoes it. Gives what the server said.
async fn ask(client: &Client, opening: &str, statement: &str) -> Result<u64, String> {
    client.batch_execute(opening).await.unwrap();
    let asked = client.execute(statement, &[]).await;
    client.batch_execute("ROLLBACK").await.unwrap();
    asked.map_err(|error| error.as_db_error().unwrap().message().to_owned())
}

async fn all(client: &Client, opening: &str) -> Vec<String> {
    client.batch_execute(opening).await.unwrap();
    let query = "SELECT audit::text FROM audit ORDER BY id";
    let rows = client.query(query, &[]).await.unwrap();
    client.batch_execute("ROLLBACK").await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// What a member did just now; what nobody did to a role; and what nobody proved to be the member
/// for.
async fn fill(store: &PgStore, tenant: &seed::Tenant) {
    let full = || {
        let entry = an_audit_entry(AuditAction::SignInFailed).everything();
        entry.at(real_now()).in_workspace(tenant.workspace)
    };
    let tried = full().with(|entry| entry.target = Some(AuditTarget::from(tenant.user)));
    let entries: [AuditEntry; 3] = [full().by(tenant.user), full(), tried].map(|one| one.build());
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.audit().append(&entries).await.unwrap();
    unit.commit().await.unwrap();
}

async fn prove(database: &TestDatabase, expected: RowSecurity) {
    let store = database.open().await;
    assert_eq!(store.row_security(), expected);
    let tenant = seed::tenant(&store, 1).await;
    fill(&store, &tenant).await;
    let client = connect(database.url()).await;
    let application = format!("BEGIN; {}", store.scope_statements(Scope::System));
    let login = "BEGIN; SET LOCAL kogents.scope = 'system'";
    let before = all(&client, &application).await;
    assert_eq!(before.len(), 3);
    for (opening, steps_down) in [
        (&*application, expected == RowSecurity::SteppedDown),
        (login, false),
    ] {
        for (statement, may_ask) in FORBIDDEN {
            let met = ask(&client, opening, statement).await;
            let told = if steps_down && !may_ask {
                NO_RIGHT
            } else {
                REFUSED
            };
            assert_eq!(met, Err(told.to_owned()), "{statement}");
        }
    }
    // Whoever is no more than a member finds nothing to change.
    for scope in [
        Scope::Member(tenant.workspace, tenant.user),
        Scope::Workspace(tenant.workspace),
        Scope::Person(tenant.user),
    ] {
        let opening = format!("BEGIN; {}", store.scope_statements(scope));
        for statement in [FORGET, "DELETE FROM audit"] {
            let met = ask(&client, &opening, statement).await;
            assert_eq!(met, Ok(0), "{scope:?}: {statement}");
        }
    }
    only_who_is_gone_is_forgotten(&client, &application, &tenant).await;
    assert_eq!(all(&client, &application).await, before);
}

/// Not somebody of whom it is pretended; nor by half; nor anything else that nobody did.
async fn only_who_is_gone_is_forgotten(client: &Client, opening: &str, tenant: &seed::Tenant) {
    let user = tenant.user;
    let theirs = format!("WHERE actor_id = '{user}'");
    let tried = format!("WHERE target = 'person:{user}'");
    let refused = || Err(REFUSED.to_owned());
    let pretended = format!(
        "BEGIN; CREATE TEMPORARY TABLE users (id UUID) ON COMMIT DROP; \
         GRANT SELECT ON pg_temp.users TO PUBLIC; {}",
        opening.trim_start_matches("BEGIN; ")
    );
    let gone = format!("{opening}; DELETE FROM public.users WHERE id = '{user}'");
    for statement in [format!("{FORGET} {theirs}"), format!("{FORGET} {tried}")] {
        assert_eq!(ask(client, opening, &statement).await, refused());
        assert_eq!(ask(client, &pretended, &statement).await, refused());
        assert_eq!(ask(client, &gone, &statement).await, Ok(1), "{statement}");
    }
    for half in [
        format!("UPDATE audit SET actor_id = NULL {theirs}"),
        format!("UPDATE audit SET actor_id = NULL, ip_address = NULL {theirs}"),
        format!("UPDATE audit SET ip_address = NULL, session_id = NULL {theirs}"),
        format!("UPDATE audit SET actor_id = session_id, ip_address = NULL {theirs}"),
        format!("UPDATE audit SET ip_address = NULL {tried}"),
        FORGET.to_owned(),
        "DELETE FROM audit".to_owned(),
    ] {
        assert_eq!(ask(client, &gone, &half).await, refused(), "{half}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_cannot_be_changed_by_a_superuser_nor_stepped_down() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    prove(&database, RowSecurity::SteppedDown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_cannot_be_changed_by_its_owner() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    prove(&database, RowSecurity::Bound).await;
}
