//! The second wall between tenants: row-level security, with either kind of login.

use kogents_adapter_postgres::{PgStore, RowSecurity};
use kogents_domain::access::{Permission, PermissionName};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, Store as _, StoreError, UnitOfWork};
use kogents_domain::workspace::{
    DirectoryQuery, DirectorySort, Invitation, Membership, MembershipStatus,
};

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

/// Adds rows to the other tables.
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
                 {digest}, 4102444800000, 0, 0); \
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
        let visible = matches!(
            table,
            "memberships" | "roles" | "role_permissions" | "workspace_permissions"
        );
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
    keeps_to_itself(&store, &one, &other).await;
}

/// What a member asks and changes of another workspace, naming it, is not there.
async fn keeps_to_itself(store: &PgStore, one: &Tenant, other: &Tenant) {
    let before = rows_of(store, other).await;
    let permission = before.permissions.first().unwrap();
    let invitation = before.invited.first().unwrap();
    let mut unit = store
        .begin(Scope::Member(one.workspace, one.user))
        .await
        .unwrap();
    let seen = rows_in(unit.as_mut(), other).await;
    assert_eq!(seen, Rows::default());
    let found = unit.invitations().find_open(&invitation.digest, NOW).await;
    assert_eq!(found, Ok(None));
    let taken = unit.invitations().consume(&invitation.digest, NOW).await;
    assert_eq!(taken, Ok(None));
    let (roles, names) = (unit.roles(), [permission.name.clone()]);
    assert_eq!(roles.delete(other.workspace, other.role).await, Ok(false));
    roles.withdraw(other.role, &names).await.unwrap();
    let permissions = unit.workspace_permissions();
    let renamed = Permission {
        name: PermissionName::parse("boat:sink").unwrap(),
        ..permission.clone()
    };
    let updated = permissions.update(other.workspace, &renamed, NOW).await;
    assert_eq!(updated, Ok(()));
    let gone = permissions.delete(other.workspace, permission.id).await;
    assert_eq!(gone, Ok(false));
    let invitations = unit.invitations();
    invitations.update(&invitation.clone()).await.unwrap();
    let gone = invitations.delete(other.workspace, invitation.id).await;
    assert_eq!(gone, Ok(false));
    let memberships = unit.memberships();
    let shut_out = Membership {
        status: MembershipStatus::Suspended,
        ..before.membership.clone().unwrap()
    };
    memberships.update(&shut_out).await.unwrap();
    let gone = memberships.delete(other.workspace, other.user).await;
    assert_eq!(gone, Ok(false));
    unit.commit().await.unwrap();
    assert_eq!(rows_of(store, other).await, before);

    // What may not be added is refused.
    let mut unit = store
        .begin(Scope::Member(one.workspace, one.user))
        .await
        .unwrap();
    let refused = unit.roles().grant(other.role, &names).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
}

/// What there is to see of a tenant.
#[derive(Debug, Default, PartialEq)]
struct Rows {
    membership: Option<Membership>,
    listed: u64,
    granted: Vec<PermissionName>,
    permissions: Vec<Permission>,
    invited: Vec<Invitation>,
}

async fn rows_of(store: &PgStore, tenant: &Tenant) -> Rows {
    let mut unit = store.read(Scope::System).await.unwrap();
    let rows = rows_in(unit.as_mut(), tenant).await;
    assert!(rows.membership.is_some() && rows.listed == 2 && rows.granted.len() == 1);
    rows
}

async fn rows_in(unit: &mut dyn UnitOfWork, tenant: &Tenant) -> Rows {
    let workspace = tenant.workspace;
    let query = DirectoryQuery {
        workspace_id: workspace,
        search: None,
        status: None,
        role_id: None,
        sort: DirectorySort::Name,
        descending: false,
        offset: 0,
        limit: PageLimit::DEFAULT,
    };
    let all = PageLimit::DEFAULT;
    let invited = unit.invitations().list(workspace, all, None).await;
    let members = unit.memberships().count(workspace).await.unwrap();
    let page = unit.directory().list(&query).await.unwrap();
    let invited = invited.unwrap().items;
    let invited_too = u64::try_from(invited.len()).unwrap();
    assert_eq!(page.total, members + invited_too);
    Rows {
        membership: (unit.memberships().find(workspace, tenant.user).await).unwrap(),
        listed: page.total,
        granted: unit.roles().granted(tenant.role).await.unwrap(),
        permissions: (unit.workspace_permissions().list(workspace).await).unwrap(),
        invited,
    }
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
