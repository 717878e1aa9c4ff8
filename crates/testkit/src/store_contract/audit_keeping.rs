//! Cases of how long the audit log is kept, and of whom it forgets.

use kogents_domain::audit::{AuditAction, AuditEntry, KEPT};
use kogents_domain::ids::UserId;
use kogents_domain::page::PageLimit;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::{Span, Timestamp};

use super::audit::{append, log_of, newest_first, some_log};
use super::support::{StorePort, begin, commit, read, some_user};
use super::team::some_team;
use crate::builders::{an_audit_entry, real_now, unique_id};

async fn sweep(store: &StorePort, before: Timestamp, limit: u32) -> u64 {
    let mut unit = begin(store).await;
    let removed = unit.audit().sweep(before, limit).await.unwrap();
    commit(unit).await;
    removed
}

/// So long before what is kept begins, by the store's own clock.
fn past_keeping(by: Span) -> Timestamp {
    real_now().minus(KEPT).minus(by)
}

/// Not though it is asked for; nor what is past keeping and not asked for.
pub async fn r10_what_is_past_keeping_is_removed_and_nothing_else(store: StorePort) {
    let workspace = some_log();
    let of = |at| {
        let entry = an_audit_entry(AuditAction::SessionEnded).at(at);
        entry
            .in_workspace(workspace)
            .by(UserId::from_uuid(unique_id()))
    };
    let minute = Span::from_secs(60);
    let kept = [
        real_now().plus(minute),
        real_now(),
        real_now().minus(KEPT).plus(minute),
    ];
    let kept = kept.map(|at| of(at).build());
    let past = [minute, Span::from_secs(120), KEPT].map(|by| of(past_keeping(by)).build());
    append(&store, &kept).await;
    append(&store, &past).await;
    let [newest, second, oldest] = &past;
    assert_eq!(sweep(&store, oldest.at, 100).await, 0, "the moment itself");
    assert_eq!(sweep(&store, second.at, 100).await, 1);
    let left = [&kept[..], &[newest.clone(), second.clone()]].concat();
    assert_eq!(log_of(&store, workspace).await, newest_first(left));
    let far = Timestamp::from_millis(i64::MAX);
    assert_eq!(sweep(&store, far, 100).await, 2);
    assert_eq!(sweep(&store, far, 100).await, 0);
    let left = newest_first(kept.into());
    assert_eq!(log_of(&store, workspace).await, left);
}

/// Of whatever workspace or none.
pub async fn r10_the_oldest_are_removed_first_and_no_more_than_asked(store: StorePort) {
    let workspace = some_log();
    let past = |secs| past_keeping(Span::from_secs(secs));
    let of = |at| {
        let entry = an_audit_entry(AuditAction::SessionEnded).at(at);
        entry.in_workspace(workspace).build()
    };
    let [second, first, third, last] = [300, 400, 200, 100].map(|secs| of(past(secs)));
    let of_nowhere = an_audit_entry(AuditAction::SessionEnded).at(past(350));
    let all = [
        second.clone(),
        first,
        third,
        last.clone(),
        of_nowhere.build(),
    ];
    append(&store, &all).await;
    assert_eq!(sweep(&store, real_now(), 0).await, 0);
    assert_eq!(sweep(&store, real_now(), 2).await, 2);
    let [_, _, third, ..] = all;
    assert_eq!(
        log_of(&store, workspace).await,
        [last.clone(), third, second]
    );
    assert_eq!(sweep(&store, real_now(), 2).await, 2);
    assert_eq!(log_of(&store, workspace).await, [last]);
}

async fn of_actor(store: &StorePort, actor: UserId) -> Vec<AuditEntry> {
    let mut unit = read(store).await;
    let limit = PageLimit::LARGEST;
    let page = unit.audit().list_of_actor(actor, limit, None).await;
    page.unwrap().items
}

async fn leave(unit: &mut dyn UnitOfWork, person: UserId) {
    assert_eq!(unit.users().delete(person).await, Ok(true));
    unit.audit().forget_actor(person).await.unwrap();
}

/// Who, from where and in which session is forgotten, in every log and in none, and from where
/// somebody tried to be them; of nobody else, and not where somebody did something to them.
pub async fn an_actor_is_forgotten_with_their_account_and_what_was_done_stays(store: StorePort) {
    let team = some_team(&store).await;
    let (leaver, admin) = (some_user(&store).await.id, team.admin.id);
    let elsewhere = some_log();
    let full = |action| an_audit_entry(action).everything();
    let theirs = [
        full(AuditAction::SessionOpened)
            .in_workspace(team.id())
            .by(leaver),
        full(AuditAction::SessionOpened)
            .in_workspace(elsewhere)
            .by(leaver),
        full(AuditAction::PasswordChanged).by(leaver),
    ];
    let theirs = theirs.map(|entry| entry.build());
    let of_others = [
        full(AuditAction::RoleCreated)
            .in_workspace(team.id())
            .by(admin),
        full(AuditAction::MemberRemoved)
            .in_workspace(team.id())
            .by(admin)
            .with(|entry| {
                entry.target = Some(leaver.into());
            }),
        full(AuditAction::SignInFailed).in_workspace(team.id()),
    ];
    let of_others = of_others.map(|entry| entry.build());
    let tried = |person: UserId| {
        let entry = full(AuditAction::SignInFailed).in_workspace(elsewhere);
        let entry = entry.with(move |entry| {
            entry.actor_id = None;
            entry.target = Some(person.into());
        });
        entry.build()
    };
    let [tried_theirs, tried_anothers] = [tried(leaver), tried(admin)];
    append(&store, &theirs).await;
    append(&store, &of_others).await;
    append(&store, &[tried_theirs.clone(), tried_anothers.clone()]).await;

    let mut unit = begin(&store).await;
    leave(unit.as_mut(), leaver).await;
    // Once more does no harm.
    unit.audit().forget_actor(leaver).await.unwrap();
    commit(unit).await;

    assert_eq!(of_actor(&store, leaver).await, []);
    let [here, there, _] = theirs.map(|entry| AuditEntry {
        actor_id: None,
        ip_address: None,
        session_id: None,
        ..entry
    });
    let tried_theirs = AuditEntry {
        ip_address: None,
        session_id: None,
        ..tried_theirs
    };
    let expected = newest_first(vec![there, tried_theirs, tried_anothers]);
    assert_eq!(log_of(&store, elsewhere).await, expected);
    let [made, removed, failed] = of_others;
    let expected = newest_first(vec![here, made.clone(), removed.clone(), failed]);
    assert_eq!(log_of(&store, team.id()).await, expected);
    assert_eq!(
        of_actor(&store, admin).await,
        newest_first(vec![made, removed])
    );
}

/// Before they are deleted, and while they stay.
pub async fn nobody_is_forgotten_who_is_there(store: StorePort) {
    let (person, quiet) = (some_user(&store).await.id, some_user(&store).await.id);
    let entry = an_audit_entry(AuditAction::PasswordChanged).everything();
    let entry = entry.by(person).build();
    append(&store, std::slice::from_ref(&entry)).await;
    let mut unit = begin(&store).await;
    let refused = unit.audit().forget_actor(person).await;
    let Err(StoreError::Failed(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("the audit log is append-only"), "{why}");
    drop(unit);
    assert_eq!(of_actor(&store, person).await, [entry]);
    // Who has done nothing has nothing to forget.
    let mut unit = begin(&store).await;
    assert_eq!(unit.audit().forget_actor(quiet).await, Ok(()));
    commit(unit).await;
}

/// With the deletion that it belongs to.
pub async fn forgetting_that_is_not_committed_did_not_happen(store: StorePort) {
    let person = some_user(&store).await.id;
    let entry = an_audit_entry(AuditAction::PasswordChanged).everything();
    let entry = entry.by(person).build();
    append(&store, std::slice::from_ref(&entry)).await;
    let mut unit = begin(&store).await;
    leave(unit.as_mut(), person).await;
    drop(unit);
    assert_eq!(of_actor(&store, person).await, [entry]);
}
