//! Listing what was done in a workspace.

use kogents_domain::audit::{AuditAction, AuditActor, AuditEntry, AuditFilter, AuditRecord};
use kogents_domain::page::PageLimit;
use kogents_testkit::builders::an_audit_entry;
use kogents_usecases::audit::{ListAudit, ListAuditCommand, ListAuditError};
use kogents_usecases::workspace::Member;

use crate::support::{Bench, T0, Tenants, lost, secs};

fn everything(member: Member) -> ListAuditCommand {
    ListAuditCommand {
        member,
        filter: AuditFilter::default(),
        limit: PageLimit::DEFAULT,
        after: None,
    }
}

fn list_audit(world: &Tenants) -> ListAudit {
    ListAudit {
        store: world.store(),
    }
}

/// Three entries in the first workspace's log, a second apart, and one in the other's.
async fn written(world: &Tenants) -> [AuditEntry; 3] {
    let at = |after: i64| T0.plus(secs(after));
    let ours = |action, after| {
        an_audit_entry(action)
            .in_workspace(world.acme.id())
            .at(at(after))
    };
    let entries = [
        ours(AuditAction::RoleCreated, 1).by(world.admin.user_id),
        ours(AuditAction::RoleDeleted, 2).by(world.stranger.user_id),
        ours(AuditAction::SignInFailed, 3),
    ];
    let entries = entries.map(|entry| entry.build());
    let theirs = an_audit_entry(AuditAction::RoleCreated)
        .in_workspace(world.other.id())
        .by(world.admin.user_id)
        .build();
    let mut unit = world.change().await;
    unit.audit().append(&entries).await.unwrap();
    unit.audit().append(&[theirs]).await.unwrap();
    unit.commit().await.unwrap();
    entries
}

#[tokio::test]
async fn a_member_reads_their_own_workspaces_log_newest_first_and_knows_its_members_by_name() {
    let world = Tenants::new().await;
    let [created, deleted, failed] = written(&world).await;

    let page = list_audit(&world).run(everything(world.admin)).await;

    let mut look = world.look().await;
    let admin = look.users().find(world.admin.user_id).await;
    let admin = admin.unwrap().unwrap();
    let known = AuditActor {
        name: admin.name,
        email: admin.email,
    };
    let record = |entry: AuditEntry, actor| AuditRecord { entry, actor };
    // Who is no member is not named.
    let expected = [
        record(failed, None),
        record(deleted, None),
        record(created, Some(known)),
    ];
    let page = page.unwrap();
    assert_eq!(page.items, expected);
    assert_eq!(page.next, None);
    assert_eq!(world.journal.entries(), ["read Member", "close"]);
}

#[tokio::test]
async fn the_filter_the_limit_and_where_to_go_on_are_kept_to() {
    let world = Tenants::new().await;
    let [created, deleted, failed] = written(&world).await;
    let found = async |command: ListAuditCommand| {
        let page = list_audit(&world).run(command).await.unwrap();
        let items = page.items.into_iter().map(|record| record.entry);
        (items.collect::<Vec<_>>(), page.next)
    };
    let base = everything(world.manager);
    let first = ListAuditCommand {
        limit: PageLimit::new(2).unwrap(),
        ..base
    };
    let key = deleted.key();
    let page = found(first).await;
    assert_eq!(page, (vec![failed.clone(), deleted.clone()], Some(key)));
    let rest = ListAuditCommand {
        after: Some(key),
        ..first
    };
    assert_eq!(found(rest).await, (vec![created.clone()], None));

    let filters = [
        AuditFilter {
            action: Some(AuditAction::RoleDeleted),
            ..AuditFilter::default()
        },
        AuditFilter {
            actor: Some(world.stranger.user_id),
            ..AuditFilter::default()
        },
        AuditFilter {
            from: Some(deleted.at),
            to: Some(failed.at),
            ..AuditFilter::default()
        },
    ];
    for filter in filters {
        let command = ListAuditCommand { filter, ..base };
        assert_eq!(found(command).await, (vec![deleted.clone()], None));
    }
}

#[tokio::test]
async fn s22_nobody_reads_another_workspaces_log() {
    let world = Tenants::new().await;
    written(&world).await;
    let page = list_audit(&world).run(everything(world.stranger)).await;
    let logs: Vec<_> = page
        .unwrap()
        .items
        .into_iter()
        .map(|record| record.entry.workspace_id)
        .collect();
    assert_eq!(logs, [Some(world.other.id())]);
}

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_told() {
    let world = Tenants::new().await;
    let bench = Bench::new();
    bench.read_fails(lost());
    let list = ListAudit {
        store: bench.store(),
    };
    let refused = list.run(everything(world.admin)).await;
    assert_eq!(refused, Err(ListAuditError::Store(lost())));
    bench.finish();
}
