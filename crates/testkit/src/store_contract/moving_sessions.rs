//! Cases of sessions and the workspaces that they are in.

use kogents_domain::ids::{SessionId, WorkspaceId};
use kogents_domain::session::{EndReason, Session, SessionEnd, SessionRecord};
use kogents_domain::store::Scope;

use super::support::{
    StorePort, at, commit, find_record, find_session, insert_sessions, some_user,
};
use super::team::some_team;
use crate::builders::{a_session, unique_id};

/// The end that the cases below give.
fn ended_at_fifty() -> Option<SessionEnd> {
    Some(SessionEnd {
        at: at(50),
        reason: EndReason::Suspended,
    })
}

/// Sessions with that end, the oldest first: as whoever ended them is given them.
fn ended_with<'a>(records: impl IntoIterator<Item = &'a SessionRecord>) -> Vec<Session> {
    let with_end = |record: &SessionRecord| Session {
        end: ended_at_fifty(),
        ..record.session.clone()
    };
    let mut sessions: Vec<Session> = records.into_iter().map(with_end).collect();
    sessions.sort_unstable_by_key(|session| session.id);
    sessions
}

async fn end_of(store: &StorePort, record: &SessionRecord) -> Option<SessionEnd> {
    find_session(store, record.session.id).await.unwrap().end
}

/// Those that have timed out, too, and all are told; nowhere else, and of nobody else.
pub async fn a_persons_sessions_in_a_workspace_end(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = some_user(&store).await;
    let there = || a_session(user.id).in_workspace(team.id());
    let live = [
        there().everything().build(),
        there().idle_until(at(51)).build(),
    ];
    let timed_out = [
        there().idle_until(at(50)).build(),
        there().absolute_until(at(49)).build(),
    ];
    let before = there().ended(at(3), EndReason::Logout).build();
    let spared = [
        a_session(user.id).in_workspace(other.id()).build(),
        a_session(user.id).build(),
        a_session(team.admin.id).in_workspace(team.id()).build(),
    ];
    insert_sessions(&store, &live).await;
    insert_sessions(&store, &timed_out).await;
    insert_sessions(&store, std::slice::from_ref(&before)).await;
    insert_sessions(&store, &spared).await;

    let mut unit = team.begin(&store).await;
    let told = ended_with(live.iter().chain(&timed_out));
    for expected in [told, Vec::new()] {
        let ended = unit
            .sessions()
            .end_in_workspace(user.id, team.id(), EndReason::Suspended, at(50))
            .await;
        assert_eq!(ended, Ok(expected));
    }
    commit(unit).await;
    for record in live.iter().chain(&timed_out) {
        assert_eq!(end_of(&store, record).await, ended_at_fifty());
    }
    assert_eq!(end_of(&store, &before).await, before.session.end);
    for record in &spared {
        assert_eq!(end_of(&store, record).await, None);
    }
    // Nothing else of a session changes.
    let mut expected = live[0].clone();
    expected.session.end = ended_at_fifty();
    let found = find_record(&store, user.id, expected.session.id).await;
    assert_eq!(found, Some(expected));
}

/// But for one; those elsewhere and those that had ended are left.
pub async fn everybodys_sessions_in_a_workspace_end_but_one(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = some_user(&store).await;
    let admin = team.admin.id;
    let ended = [
        a_session(admin).in_workspace(team.id()).build(),
        a_session(user.id).in_workspace(team.id()).build(),
        a_session(user.id)
            .in_workspace(team.id())
            .idle_until(at(1))
            .build(),
    ];
    let before = a_session(user.id)
        .in_workspace(team.id())
        .ended(at(3), EndReason::Logout)
        .build();
    let spared = [
        a_session(admin).in_workspace(team.id()).build(),
        a_session(user.id).in_workspace(other.id()).build(),
        a_session(user.id).build(),
    ];
    insert_sessions(&store, &ended).await;
    insert_sessions(&store, std::slice::from_ref(&before)).await;
    insert_sessions(&store, &spared).await;
    let except = spared[0].session.id;

    let mut unit = team.begin(&store).await;
    for expected in [ended_with(&ended), Vec::new()] {
        let ended = unit
            .sessions()
            .end_all_in_workspace(team.id(), except, EndReason::Suspended, at(50))
            .await;
        assert_eq!(ended, Ok(expected));
    }
    commit(unit).await;
    for record in &ended {
        assert_eq!(end_of(&store, record).await, ended_at_fifty());
    }
    assert_eq!(end_of(&store, &before).await, before.session.end);
    for record in &spared {
        assert_eq!(end_of(&store, record).await, None);
    }
}

async fn set_workspace(
    store: &StorePort,
    record: &SessionRecord,
    workspace: Option<WorkspaceId>,
) -> bool {
    let scope = Scope::Person(record.session.user_id);
    let mut unit = store.begin(scope).await.unwrap();
    let sessions = unit.sessions();
    let moved = sessions.set_workspace(record.session.id, workspace).await;
    commit(unit).await;
    moved.unwrap()
}

/// To another and to none; nothing else of it changes, and no other session moves.
pub async fn a_session_moves_to_another_workspace(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = team.admin.id;
    let record = a_session(user).in_workspace(team.id()).everything().build();
    let sibling = a_session(user).in_workspace(team.id()).build();
    insert_sessions(&store, &[record.clone(), sibling.clone()]).await;
    let id = record.session.id;
    for workspace in [Some(other.id()), Some(other.id()), None, Some(team.id())] {
        assert!(set_workspace(&store, &record, workspace).await);
        let mut expected = record.clone();
        expected.session.workspace_id = workspace;
        assert_eq!(find_record(&store, user, id).await, Some(expected));
    }
    let found = find_session(&store, sibling.session.id).await;
    assert_eq!(found, Some(sibling.session));
}

/// Nor one that is not there; one that has timed out but not ended does.
pub async fn an_ended_session_stays_where_it_is(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let there = || a_session(team.admin.id).in_workspace(team.id());
    let ended = there().ended(at(1), EndReason::Logout).build();
    let mut unknown = ended.clone();
    unknown.session.id = SessionId::from_uuid(unique_id());
    let timed_out = there().idle_until(at(0)).build();
    insert_sessions(&store, &[ended.clone(), timed_out.clone()]).await;
    for workspace in [Some(other.id()), None] {
        assert!(!set_workspace(&store, &ended, workspace).await);
        assert!(!set_workspace(&store, &unknown, workspace).await);
        assert!(set_workspace(&store, &timed_out, workspace).await);
    }
    let found = find_session(&store, ended.session.id).await;
    assert_eq!(found, Some(ended.session));
}
