//! Rows of a newer release, and rows that cannot be read.

use kogents_domain::audit::{AuditAction, AuditEntry, AuditFilter};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, Store as _, StoreError};
use kogents_domain::time::Span;
use kogents_testkit::builders::{START, an_audit_entry, unique_id};

use crate::seed;
use crate::server::{TestDatabase, connect};

/// Actions that this release does not know, between two that it does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r6_entries_of_a_newer_release_are_left_out_and_break_no_list() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let tenant = seed::tenant(&store, 1).await;
    let own = [0, 9].map(|millis| {
        let at = START.plus(Span::from_millis(millis));
        let entry = an_audit_entry(AuditAction::RoleCreated).at(at);
        entry.in_workspace(tenant.workspace).by(tenant.user).build()
    });
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.audit().append(&own).await.unwrap();
    unit.commit().await.unwrap();
    let client = connect(database.url()).await;
    for millis in 1..=5 {
        let (id, workspace, user) = (unique_id(), tenant.workspace, tenant.user);
        let at = START.as_millis() + millis;
        let newer = format!(
            "INSERT INTO audit (id, workspace_id, at, actor_id, action, target) \
             VALUES ('{id}', '{workspace}', {at}, '{user}', 'door.opened', 'door:1')"
        );
        client.batch_execute(&newer).await.unwrap();
    }
    let [older, newer] = own;
    let mut unit = store.read(Scope::System).await.unwrap();
    let audit = unit.audit();
    let (one, all) = (PageLimit::new(1).unwrap(), AuditFilter::default());
    let of_actor = AuditFilter {
        actor: Some(tenant.user),
        ..all
    };
    for filter in [all, of_actor] {
        let first = audit
            .list(tenant.workspace, filter, one, None)
            .await
            .unwrap();
        let found: Vec<&AuditEntry> = first.items.iter().map(|record| &record.entry).collect();
        assert_eq!((found, first.next), (vec![&newer], Some(newer.key())));
        let second = audit.list(tenant.workspace, filter, one, first.next).await;
        let second = second.unwrap();
        let found: Vec<&AuditEntry> = second.items.iter().map(|record| &record.entry).collect();
        assert_eq!((found, second.next), (vec![&older], None));
    }
    let page = audit
        .list_of_actor(tenant.user, PageLimit::LARGEST, None)
        .await;
    assert_eq!(page.unwrap().items, [newer, older]);
}

/// What it holds is an error that names the column, and not a default.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_cannot_be_read_is_an_error_without_its_values() {
    let Some(database) = TestDatabase::migrated().await else {
        return;
    };
    let store = database.open().await;
    let client = connect(database.url()).await;
    for (column, value) in [
        ("target", "role:nine"),
        ("target", "door:0192f3c0-1111-7abc-8def-0123456789ab"),
        ("ip_address", "somewhere"),
        ("details", "[]"),
        ("details", "{\"a\":1}"),
        ("details", "nothing"),
    ] {
        let workspace = WorkspaceId::from_uuid(unique_id());
        let actor = UserId::from_uuid(unique_id());
        let spoilt = format!(
            "INSERT INTO audit (id, workspace_id, at, actor_id, action, {column}) \
             VALUES ('{workspace}', '{workspace}', 0, '{actor}', 'role.created', '{value}')"
        );
        client.batch_execute(&spoilt).await.unwrap();
        let unreadable = StoreError::Failed(format!("audit.{column} cannot be read back"));
        for lists_a_workspace in [true, false] {
            let mut unit = store.read(Scope::System).await.unwrap();
            let (audit, limit, all) = (unit.audit(), PageLimit::DEFAULT, AuditFilter::default());
            let met = if lists_a_workspace {
                audit.list(workspace, all, limit, None).await.err()
            } else {
                audit.list_of_actor(actor, limit, None).await.err()
            };
            assert_eq!(met.as_ref(), Some(&unreadable), "{value}");
        }
    }
}
