//! Who may add to whose log: row-level security holds every unit of work to it.

use kogents_adapter_postgres::{PgStore, RowSecurity};
use kogents_domain::audit::{AuditAction, AuditEntry};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, Store as _, StoreError};
use kogents_testkit::builders::an_audit_entry;

use crate::seed;
use crate::server::TestDatabase;

async fn add(store: &PgStore, scope: Scope, entry: AuditEntry) -> Result<(), StoreError> {
    let mut unit = store.begin(scope).await.unwrap();
    unit.audit().append(&[entry]).await
}

fn entry(workspace: Option<WorkspaceId>, actor: Option<UserId>) -> AuditEntry {
    let entry = an_audit_entry(AuditAction::SessionOpened).with(|entry| {
        entry.workspace_id = workspace;
        entry.actor_id = actor;
    });
    entry.build()
}

async fn prove(database: &TestDatabase, expected: RowSecurity) {
    let store = database.open().await;
    assert_eq!(store.row_security(), expected);
    let (one, other) = (seed::tenant(&store, 1).await, seed::tenant(&store, 2).await);
    let (own, foreign) = (Some(one.workspace), Some(other.workspace));
    let (me, another) = (Some(one.user), Some(other.user));
    let person = Scope::Person(one.user);
    let member = Scope::Member(one.workspace, one.user);
    let token = Scope::Workspace(one.workspace);
    for (scope, workspace, actor, may) in [
        (person, own, me, true),
        (person, foreign, me, true),
        (person, None, me, true),
        (person, own, None, true),
        (person, None, None, true),
        (person, own, another, false),
        (person, None, another, false),
        (member, own, me, true),
        (member, own, another, true),
        (member, own, None, true),
        (member, foreign, me, false),
        (member, None, me, false),
        (token, own, None, true),
        (token, foreign, None, false),
        (token, None, None, false),
        (Scope::System, foreign, another, true),
        (Scope::System, None, None, true),
    ] {
        let met = add(&store, scope, entry(workspace, actor)).await;
        let refused =
            matches!(&met, Err(StoreError::Failed(why)) if why.contains("row-level security"));
        assert_eq!((met.is_ok(), refused), (may, !may), "{scope:?} {met:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s22_nobody_adds_to_a_log_that_is_not_theirs_with_a_superuser_login() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    prove(&database, RowSecurity::SteppedDown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s22_nobody_adds_to_a_log_that_is_not_theirs_with_an_ordinary_owner() {
    let Some(database) = TestDatabase::of_ordinary_owner().await else {
        return;
    };
    prove(&database, RowSecurity::Bound).await;
}

/// What a person did is theirs to read, and nobody else's, whatever is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s22_a_person_reads_what_they_did_and_nothing_else() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let (one, other) = (seed::tenant(&store, 1).await, seed::tenant(&store, 2).await);
    let mine = entry(Some(other.workspace), Some(one.user));
    let theirs = entry(Some(other.workspace), Some(other.user));
    let mut unit = store.begin(Scope::System).await.unwrap();
    let both = [mine.clone(), theirs];
    unit.audit().append(&both).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = store.read(Scope::Person(one.user)).await.unwrap();
    let limit = PageLimit::LARGEST;
    for (actor, expected) in [(one.user, vec![mine]), (other.user, Vec::new())] {
        let page = unit.audit().list_of_actor(actor, limit, None).await;
        assert_eq!(page.unwrap().items, expected);
    }
}
