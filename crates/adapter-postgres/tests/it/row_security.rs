//! The second wall between tenants: row-level security, with either kind of login.

use kogents_adapter_postgres::{PgStore, RowSecurity};
use kogents_domain::store::{Scope, Store as _, StoreError};
use kogents_domain::workspace::Membership;

use crate::seed::{self, NOW, Tenant};
use crate::server::{TestDatabase, connect};

/// Tables of tenants with, for each, an expression that gives a row's workspace.
const TABLES: [(&str, &str); 7] = [
    ("memberships", "workspace_id"),
    ("roles", "workspace_id"),
    (
        "role_permissions",
        "(SELECT workspace_id FROM roles WHERE id = role_id)",
    ),
    ("workspace_permissions", "workspace_id"),
    ("invitations", "workspace_id"),
    ("api_tokens", "workspace_id"),
    ("audit", "workspace_id"),
];

/// Adds rows to the tables that have no repository yet.
async fn fill(store: &PgStore, url: &str, tenant: &Tenant, number: u64) {
    let client = connect(url).await;
    let (workspace, role) = (tenant.workspace, tenant.role);
    let id = seed::uuid(number * 100 + 50);
    let system = store.scope_statements(Scope::System);
    let digest = format!("decode(repeat('{number:02x}', 32), 'hex')");
    client
        .batch_execute(&format!(
            "BEGIN; {system}; \
             INSERT INTO role_permissions VALUES ('{role}', 'chat:read'); \
             INSERT INTO workspace_permissions VALUES \
                 ('{id}', '{workspace}', 'boat:row', '', 'boats', 0, 0); \
             INSERT INTO invitations (id, workspace_id, email, email_normalised, name, role_id, \
                 digest, expires_at, created_at, updated_at) \
                 VALUES ('{id}', '{workspace}', 'a@b.example', 'a@b.example', 'A', '{role}', \
                 {digest}, 0, 0, 0); \
             INSERT INTO audit (id, workspace_id, at, action) \
                 VALUES ('{id}', '{workspace}', 0, 'tested'); \
             COMMIT"
        ))
        .await
        .unwrap();
}

/// The workspaces whose rows a query without a WHERE gives, table by table.
async fn seen(
    store: &PgStore,
    url: &str,
    scope: Option<Scope>,
) -> Vec<(&'static str, Vec<String>)> {
    let client = connect(url).await;
    client.batch_execute("BEGIN").await.unwrap();
    if let Some(scope) = scope {
        let binding = store.scope_statements(scope);
        client.batch_execute(&binding).await.unwrap();
    } else if store.row_security() == RowSecurity::SteppedDown {
        client
            .batch_execute("SET LOCAL ROLE kogents_app")
            .await
            .unwrap();
    }
    let mut all = Vec::new();
    for (table, workspace) in TABLES {
        let query = format!("SELECT DISTINCT ({workspace})::text AS w FROM {table} ORDER BY w");
        let rows = client.query(&query, &[]).await.unwrap();
        all.push((table, rows.iter().map(|row| row.get(0)).collect()));
    }
    all
}

fn everywhere(workspaces: &[&Tenant]) -> Vec<(&'static str, Vec<String>)> {
    let ids: Vec<String> = workspaces.iter().map(|t| t.workspace.to_string()).collect();
    TABLES
        .iter()
        .map(|(table, _)| (*table, ids.clone()))
        .collect()
}

async fn prove(database: &TestDatabase, expected: RowSecurity) {
    let store = database.open().await;
    assert_eq!(store.row_security(), expected);
    let url = database.url();
    let (one, other) = (seed::tenant(&store, 1).await, seed::tenant(&store, 2).await);
    fill(&store, url, &one, 1).await;
    fill(&store, url, &other, 2).await;

    // Queries without a WHERE.
    let member = Scope::Member(one.workspace, one.user);
    assert_eq!(
        seen(&store, url, Some(Scope::System)).await,
        everywhere(&[&one, &other])
    );
    assert_eq!(seen(&store, url, Some(member)).await, everywhere(&[&one]));
    assert_eq!(seen(&store, url, None).await, everywhere(&[]));
    let persons = seen(&store, url, Some(Scope::Person(one.user))).await;
    for (table, workspaces) in persons {
        let visible = matches!(table, "memberships" | "roles" | "role_permissions");
        let expected: Vec<String> = if visible {
            vec![one.workspace.to_string()]
        } else {
            Vec::new()
        };
        assert_eq!(workspaces, expected, "{table}");
    }

    // The store's own units of work are bound alike.
    for scope in [member, Scope::Person(one.user)] {
        let mut unit = store.read(scope).await.unwrap();
        let found = unit.roles().find(one.workspace, one.role).await.unwrap();
        assert!(found.is_some(), "{scope:?}");
        let found = unit
            .roles()
            .find(other.workspace, other.role)
            .await
            .unwrap();
        assert!(found.is_none(), "{scope:?}");
        let found = unit
            .api_tokens()
            .find_by_digest(&other.token)
            .await
            .unwrap();
        assert!(found.is_none(), "{scope:?}");
        let standing = unit
            .memberships()
            .find_standing(other.user, None)
            .await
            .unwrap();
        assert!(standing.is_none(), "{scope:?}");
    }

    // Nor does a member write into another workspace.
    let mut unit = store.begin(member).await.unwrap();
    let intruder = Membership::active(other.workspace, one.user, other.role, NOW);
    let refused = unit.memberships().insert(&intruder).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s22_a_query_without_where_sees_one_tenant_with_a_superuser_login() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    prove(&database, RowSecurity::SteppedDown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s22_a_query_without_where_sees_one_tenant_with_an_ordinary_owner() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    prove(&database, RowSecurity::Bound).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_cannot_be_changed() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    let store = database.open().await;
    let tenant = seed::tenant(&store, 1).await;
    fill(&store, database.url(), &tenant, 1).await;
    let client = connect(database.url()).await;
    for scope in [Scope::System, Scope::Member(tenant.workspace, tenant.user)] {
        let binding = store.scope_statements(scope);
        client
            .batch_execute(&format!("BEGIN; {binding}"))
            .await
            .unwrap();
        let changed = client
            .execute("UPDATE audit SET action = 'forged'", &[])
            .await
            .unwrap();
        assert_eq!(changed, 0, "{scope:?}");
        client.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_migrated_by_its_owner_serves_a_superuser_too() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    let owners = database.open().await;
    assert_eq!(owners.row_security(), RowSecurity::Bound);
    let tenant = seed::tenant(&owners, 1).await;
    let admin = PgStore::connect(&database.admin_url(), crate::server::patient())
        .await
        .unwrap();
    assert_eq!(admin.row_security(), RowSecurity::SteppedDown);
    let mut unit = admin.read(Scope::System).await.unwrap();
    let found = unit.users().find(tenant.user).await.unwrap();
    assert!(found.is_some());
}
