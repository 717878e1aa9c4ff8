//! Cases of the audit log: what is written is read back as it was.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::{AuditAction, AuditEntry, AuditFilter, AuditKind, AuditTarget};
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::page::PageLimit;
use kogents_domain::store::{Scope, StoreError};

use super::support::{StorePort, at, begin, commit, read, some_user};
use super::team::some_team;
use crate::builders::{an_audit_entry, unique_id};

/// Adds entries in a unit of their own.
pub(crate) async fn append(store: &StorePort, entries: &[AuditEntry]) {
    let mut unit = begin(store).await;
    unit.audit().append(entries).await.unwrap();
    commit(unit).await;
}

/// A workspace that has nothing but a log.
pub(crate) fn some_log() -> WorkspaceId {
    WorkspaceId::from_uuid(unique_id())
}

/// All of a workspace's log, page by page, the newest first.
pub(crate) async fn log_of(store: &StorePort, workspace: WorkspaceId) -> Vec<AuditEntry> {
    let mut unit = read(store).await;
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let limit = PageLimit::LARGEST;
        let filter = AuditFilter::default();
        let page = unit.audit().list(workspace, filter, limit, after).await;
        let page = page.unwrap();
        entries.extend(page.items.into_iter().map(|record| record.entry));
        after = page.next;
        if after.is_none() {
            return entries;
        }
    }
}

/// The newest first.
pub(crate) fn newest_first(mut entries: Vec<AuditEntry>) -> Vec<AuditEntry> {
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key()));
    entries
}

/// With everything that can be said of it, in a workspace's log and in the list of who did it.
pub async fn every_action_and_every_target_round_trips(store: StorePort) {
    let workspace = some_log();
    let actor = UserId::from_uuid(unique_id());
    let kinds = AuditKind::ALL.into_iter().cycle();
    let entries: Vec<AuditEntry> = (AuditAction::ALL.into_iter().zip(kinds).zip(0..))
        .map(|((action, kind), secs)| {
            let full = an_audit_entry(action).everything().at(at(secs));
            full.in_workspace(workspace)
                .by(actor)
                .with(|entry| {
                    let id = unique_id();
                    entry.target = Some(AuditTarget { kind, id });
                })
                .build()
        })
        .collect();
    append(&store, &entries).await;
    let expected = newest_first(entries);
    assert_eq!(log_of(&store, workspace).await, expected);
    let mut unit = read(&store).await;
    let limit = PageLimit::LARGEST;
    let page = unit.audit().list_of_actor(actor, limit, None).await;
    assert_eq!(page.unwrap().items, expected);
}

/// With nothing but action and moment; of addresses of either family.
pub async fn an_entry_round_trips_with_bare_fields(store: StorePort) {
    let workspace = some_log();
    let here = |action| an_audit_entry(action).in_workspace(workspace);
    let actor = UserId::from_uuid(unique_id());
    let of_nowhere = an_audit_entry(AuditAction::PasswordChanged).by(actor);
    let of_nobody = here(AuditAction::SignInFailed).with(|entry| {
        entry.ip_address = "203.0.113.7".parse().ok();
    });
    let bare = here(AuditAction::SessionEnded).build();
    let entries = [of_nobody.build(), bare];
    append(&store, &entries).await;
    let of_nowhere = of_nowhere.build();
    append(&store, std::slice::from_ref(&of_nowhere)).await;
    append(&store, &[]).await;
    assert_eq!(
        log_of(&store, workspace).await,
        newest_first(entries.into())
    );
    let mut unit = read(&store).await;
    let page = unit.audit();
    let page = page.list_of_actor(actor, PageLimit::DEFAULT, None).await;
    assert_eq!(page.unwrap().items, [of_nowhere]);
}

/// What did not happen is not told.
pub async fn an_entry_of_a_dropped_unit_is_not_written(store: StorePort) {
    let workspace = some_log();
    let entry = an_audit_entry(AuditAction::RoleDeleted).in_workspace(workspace);
    let mut unit = begin(&store).await;
    unit.audit().append(&[entry.build()]).await.unwrap();
    drop(unit);
    assert_eq!(log_of(&store, workspace).await, []);
}

/// All of them, each once.
pub async fn thousands_of_entries_are_added_at_once(store: StorePort) {
    let workspace = some_log();
    let ended = |secs| {
        let entry = an_audit_entry(AuditAction::SessionEnded).in_workspace(workspace);
        entry.everything().at(at(secs)).build()
    };
    let entries: Vec<AuditEntry> = (0..2_500).map(ended).collect();
    append(&store, &entries).await;
    let found = log_of(&store, workspace).await;
    assert_eq!(found.len(), 2_500);
    assert!(found == newest_first(entries));
}

/// Not over another, whoever asks for it.
pub async fn an_entry_is_added_once_and_in_no_other_s_place(store: StorePort) {
    let workspace = some_log();
    let entry = an_audit_entry(AuditAction::RoleDeleted).in_workspace(workspace);
    let first = entry.clone().everything().build();
    append(&store, std::slice::from_ref(&first)).await;
    let mut unit = begin(&store).await;
    let again = entry.at(at(9)).with(|again| again.id = first.id).build();
    let refused = unit.audit().append(&[again]).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    drop(unit);
    assert_eq!(log_of(&store, workspace).await, [first]);
}

/// A person what they did, or nobody, wherever it was; a member or a token in the workspace.
pub async fn every_scope_adds_what_is_its_own(store: StorePort) {
    let team = some_team(&store).await;
    let user = some_user(&store).await;
    let agent = team.join(&store, team.role(SystemRole::Agent)).await;
    let here = |secs| {
        let entry = an_audit_entry(AuditAction::SessionOpened).at(at(secs));
        entry.in_workspace(team.id())
    };
    let added = [
        (Scope::System, here(5).by(user.id)),
        (Scope::Person(user.id), here(4).by(user.id)),
        (Scope::Person(user.id), here(3)),
        (Scope::Member(team.id(), agent.id), here(2).by(agent.id)),
        (Scope::Workspace(team.id()), here(1)),
    ];
    let mut expected = Vec::new();
    for (scope, entry) in added {
        let entry = entry.build();
        let mut unit = store.begin(scope).await.unwrap();
        let appended = unit.audit().append(std::slice::from_ref(&entry)).await;
        assert_eq!(appended, Ok(()), "{scope:?}");
        commit(unit).await;
        expected.push(entry);
    }
    assert_eq!(log_of(&store, team.id()).await, expected);
    for scope in [team.scope(), Scope::Workspace(team.id())] {
        let mut unit = store.read(scope).await.unwrap();
        let (limit, all) = (PageLimit::DEFAULT, AuditFilter::default());
        let page = unit.audit().list(team.id(), all, limit, None).await;
        assert_eq!(page.unwrap().items.len(), 5, "{scope:?}");
    }
}
