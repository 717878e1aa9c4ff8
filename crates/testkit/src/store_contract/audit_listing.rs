//! Cases of the lists of the audit log: filters, order, pages, and who is told to have done it.

use kogents_domain::access::SystemRole;
use kogents_domain::audit::{
    AuditAction, AuditActor, AuditEntry, AuditFilter, AuditKey, AuditRecord,
};
use kogents_domain::auth::User;
use kogents_domain::ids::{AuditId, UserId, WorkspaceId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::MembershipStatus;
use uuid::Uuid;

use super::audit::{append, newest_first, some_log};
use super::support::{StorePort, at, before, begin, commit, read};
use super::team::{Team, some_team};
use crate::builders::{a_membership, a_user, an_audit_entry, unique_id};

const ACTIONS: [AuditAction; 3] = [
    AuditAction::SessionOpened,
    AuditAction::SessionEnded,
    AuditAction::MemberChanged,
];

fn limit(most: u16) -> PageLimit {
    PageLimit::new(most).unwrap()
}

async fn list(
    store: &StorePort,
    workspace: WorkspaceId,
    filter: AuditFilter,
    (most, after): (u16, Option<AuditKey>),
) -> Page<AuditRecord, AuditKey> {
    let mut unit = read(store).await;
    let audit = unit.audit();
    audit
        .list(workspace, filter, limit(most), after)
        .await
        .unwrap()
}

fn entries(page: Page<AuditRecord, AuditKey>) -> Vec<AuditEntry> {
    page.items.into_iter().map(|record| record.entry).collect()
}

/// What a naive reader finds.
fn found(all: &[AuditEntry], workspace: WorkspaceId, filter: &AuditFilter) -> Vec<AuditEntry> {
    let matching = all.iter().filter(|entry| {
        entry.workspace_id == Some(workspace)
            && filter.action.is_none_or(|action| entry.action == action)
            && filter.actor.is_none_or(|id| entry.actor_id == Some(id))
            && filter.from.is_none_or(|from| from <= entry.at)
            && filter.to.is_none_or(|to| entry.at < to)
    });
    newest_first(matching.cloned().collect())
}

/// Entries of two workspaces and of none, by two persons and by nobody, of three kinds, at five
/// moments: some of them are alike but for the id, and none comes in the order of its moment.
fn all_sorts(workspaces: [WorkspaceId; 2], actors: [UserId; 2]) -> Vec<AuditEntry> {
    let [one, other] = workspaces.map(Some);
    let [ada, bo] = actors.map(Some);
    let mut all = Vec::new();
    for (nth, secs) in [3, 1, 4, 0, 2, 3].into_iter().enumerate() {
        for action in ACTIONS {
            for (workspace, actor) in [(one, ada), (one, bo), (one, None), (other, ada), (None, bo)]
            {
                let entry = an_audit_entry(action).at(at(secs)).with(|entry| {
                    entry.workspace_id = workspace;
                    entry.actor_id = actor.filter(|_| nth != 2);
                });
                all.push(entry.build());
            }
        }
    }
    all
}

/// Alone and together, in pages of several sizes.
pub async fn every_filter_is_obeyed_and_pages_are_parts_of_the_whole(store: StorePort) {
    let workspaces = [some_log(), some_log()];
    let actors = [(); 2].map(|()| UserId::from_uuid(unique_id()));
    let all = all_sorts(workspaces, actors);
    append(&store, &all).await;
    let stranger = UserId::from_uuid(unique_id());
    let [one, _] = workspaces;
    let mut asked = 0;
    for action in [
        None,
        Some(AuditAction::SessionEnded),
        Some(AuditAction::RoleCreated),
    ] {
        for actor in [None, Some(actors[0]), Some(stranger)] {
            for from in [None, Some(at(1))] {
                for to in [None, Some(at(3))] {
                    let filter = AuditFilter {
                        action,
                        actor,
                        from,
                        to,
                    };
                    let whole = found(&all, one, &filter);
                    asked += whole.len();
                    for most in [1, 4, 100] {
                        assert_paged(&store, one, filter, (most, &whole)).await;
                    }
                }
            }
        }
    }
    assert!(asked > 200, "only {asked} were to be found");
}

async fn assert_paged(
    store: &StorePort,
    workspace: WorkspaceId,
    filter: AuditFilter,
    (most, whole): (u16, &[AuditEntry]),
) {
    let mut after = None;
    let mut pages = whole.chunks(usize::from(most)).peekable();
    loop {
        let page = list(store, workspace, filter, (most, after)).await;
        let expected = pages.next().unwrap_or_default();
        // A full last page is the last.
        let last = expected.last().filter(|_| pages.peek().is_some());
        after = page.next;
        assert_eq!(after, last.map(AuditEntry::key), "{filter:?}");
        assert_eq!(entries(page), expected, "{filter:?}");
        if after.is_none() {
            break;
        }
    }
}

/// To the millisecond, with the greatest and the least ids of a moment.
pub async fn a_list_begins_with_its_first_moment_and_ends_before_its_last(store: StorePort) {
    let workspace = some_log();
    let here = |at: Timestamp, id: Uuid| {
        let entry = an_audit_entry(AuditAction::RoleCreated).at(at);
        let entry = entry.in_workspace(workspace);
        entry
            .with(|entry| entry.id = AuditId::from_uuid(id))
            .build()
    };
    let moments = [before(at(1)), at(1), before(at(2)), at(2)];
    let made = moments.map(|moment| here(moment, unique_id()));
    let least = here(at(2), Uuid::from_u128(unique_id().as_u128() >> 96));
    append(&store, &made).await;
    append(&store, std::slice::from_ref(&least)).await;
    let between = |from, to| AuditFilter {
        from,
        to,
        ..AuditFilter::default()
    };
    let [too_early, first, last, too_late] = made;
    for (from, to, expected) in [
        (Some(at(1)), Some(at(2)), vec![&last, &first]),
        (Some(at(2)), None, vec![&too_late, &least]),
        (None, Some(at(1)), vec![&too_early]),
        (Some(at(1)), Some(at(1)), vec![]),
        (Some(at(2)), Some(at(1)), vec![]),
    ] {
        let page = list(&store, workspace, between(from, to), (10, None)).await;
        let found = entries(page);
        assert_eq!(
            found.iter().collect::<Vec<_>>(),
            expected,
            "{from:?} {to:?}"
        );
    }
}

/// What is newer than a page that was read does not come again, nor does anything stay away.
pub async fn entries_that_come_meanwhile_shift_no_page(store: StorePort) {
    let workspace = some_log();
    let here = |secs| {
        let entry = an_audit_entry(AuditAction::RoleCreated).at(at(secs));
        entry.in_workspace(workspace).build()
    };
    let made = [5, 4, 3, 2, 1].map(here);
    append(&store, &made).await;
    let all = AuditFilter::default();
    let first = list(&store, workspace, all, (2, None)).await;
    let after = first.next;
    assert_eq!(entries(first), made[..2]);
    append(&store, &[here(4), here(6)]).await;
    let second = list(&store, workspace, all, (2, after)).await;
    let after = second.next;
    assert_eq!(entries(second), made[2..4]);
    let third = list(&store, workspace, all, (2, after)).await;
    assert_eq!(third.next, None);
    assert_eq!(entries(third), made[4..]);
}

/// Whoever asks for them, by whatever they are found; nor after a key of another's.
pub async fn s22_entries_of_another_workspace_are_never_listed(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let actor = team.admin.id;
    let by_admin = |team: &Team, secs| {
        let entry = an_audit_entry(AuditAction::RoleCreated).at(at(secs));
        entry.in_workspace(team.id()).by(actor).build()
    };
    let own = by_admin(&team, 2);
    let foreign = [by_admin(&other, 1), by_admin(&other, 3)];
    append(&store, &foreign).await;
    append(&store, std::slice::from_ref(&own)).await;
    let filters = [
        AuditFilter::default(),
        AuditFilter {
            action: Some(AuditAction::RoleCreated),
            ..AuditFilter::default()
        },
        AuditFilter {
            actor: Some(actor),
            ..AuditFilter::default()
        },
        AuditFilter {
            action: Some(AuditAction::RoleCreated),
            actor: Some(actor),
            ..AuditFilter::default()
        },
    ];
    let scopes = [team.scope(), Scope::Workspace(team.id()), Scope::System];
    for filter in filters {
        for scope in scopes {
            let mut unit = store.read(scope).await.unwrap();
            let audit = unit.audit();
            for (after, expected) in [
                (None, std::slice::from_ref(&own)),
                (Some(foreign[1].key()), std::slice::from_ref(&own)),
                (Some(foreign[0].key()), &[]),
            ] {
                let page = audit
                    .list(team.id(), filter, PageLimit::DEFAULT, after)
                    .await;
                assert_eq!(entries(page.unwrap()), expected, "{scope:?} {filter:?}");
            }
        }
    }
}

/// Of whatever status, with the name and address that they have now; nobody else: who never was one,
/// who was removed, who is one elsewhere, who is gone.
pub async fn an_actor_is_told_while_they_are_a_member(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let agent = team.role(SystemRole::Agent);
    let mut known: Vec<(UserId, Option<User>)> = Vec::new();
    for status in MembershipStatus::ALL {
        let name = format!("Ada {}", status.as_str());
        let user = a_user().name(&name).build();
        team.join_as(&store, &user, agent, |built| built.status(status))
            .await;
        known.push((user.id, Some(user)));
    }
    let removed = team.join(&store, agent).await;
    let gone = team.join(&store, agent).await;
    let mut unit = begin(&store).await;
    let was_there = unit.memberships().delete(team.id(), removed.id).await;
    assert_eq!(was_there, Ok(true));
    assert_eq!(unit.users().delete(gone.id).await, Ok(true));
    commit(unit).await;
    let nobody = UserId::from_uuid(unique_id());
    known.extend([removed.id, gone.id, other.admin.id, nobody].map(|id| (id, None)));
    // A member of both is told in either.
    let both = a_membership(team.admin.id, other.role(SystemRole::Viewer)).build();
    let mut unit = begin(&store).await;
    unit.memberships().insert(&both).await.unwrap();
    commit(unit).await;
    known.push((team.admin.id, Some(team.admin.clone())));

    let made: Vec<AuditEntry> = (known.iter().zip(0..))
        .map(|((actor, _), secs)| {
            let entry = an_audit_entry(AuditAction::RoleCreated).at(at(secs));
            entry.in_workspace(team.id()).by(*actor).build()
        })
        .collect();
    append(&store, &made).await;
    let expected: Vec<AuditRecord> = (made.into_iter().zip(known).rev())
        .map(|(entry, (_, user))| AuditRecord {
            entry,
            actor: user.map(|user| AuditActor {
                name: user.name,
                email: user.email,
            }),
        })
        .collect();
    for scope in [team.scope(), Scope::Workspace(team.id())] {
        let mut unit = store.read(scope).await.unwrap();
        let (all, most) = (AuditFilter::default(), PageLimit::DEFAULT);
        let page = unit.audit().list(team.id(), all, most, None).await;
        assert_eq!(page.unwrap().items, expected);
    }
}

/// And what they did in none; nothing that others did, nor what was done by nobody.
pub async fn what_a_person_did_is_listed_over_all_workspaces(store: StorePort) {
    let workspaces = [some_log(), some_log()];
    let actors = [(); 2].map(|()| UserId::from_uuid(unique_id()));
    let all = all_sorts(workspaces, actors);
    append(&store, &all).await;
    for (actor, at_least) in [
        (actors[0], 20),
        (actors[1], 20),
        (UserId::from_uuid(unique_id()), 0),
    ] {
        let theirs = all.iter().filter(|entry| entry.actor_id == Some(actor));
        let theirs = newest_first(theirs.cloned().collect());
        assert!(theirs.len() >= at_least);
        for most in [7, 100] {
            let mut after = None;
            let mut listed = Vec::new();
            for _ in 0..=theirs.len() {
                let mut unit = store.read(Scope::Person(actor)).await.unwrap();
                let page = unit.audit().list_of_actor(actor, limit(most), after).await;
                let page = page.unwrap();
                assert!(page.items.len() <= usize::from(most));
                listed.extend(page.items);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(listed, theirs);
        }
    }
}
