//! Cases of when those of a directory were last active.

use kogents_domain::access::SystemRole;
use kogents_domain::ids::UserId;
use kogents_domain::page::PageLimit;
use kogents_domain::session::{EndReason, SessionRecord};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{DirectoryEntry, DirectoryQuery, DirectorySort};

use super::invitations;
use super::support::{StorePort, at, insert_sessions};
use super::team::{Team, some_team};
use crate::builders::a_session;

/// When somebody was last active, by themselves and in the list, which must agree.
async fn last_active(store: &StorePort, team: &Team, user: UserId) -> Option<Timestamp> {
    let query = DirectoryQuery {
        workspace_id: team.id(),
        search: None,
        status: None,
        role_id: None,
        sort: DirectorySort::Name,
        descending: true,
        offset: 0,
        limit: PageLimit::DEFAULT,
    };
    let mut unit = team.read(store).await;
    let alone = unit.directory().find(team.id(), user.into()).await.unwrap();
    let page = unit.directory().list(&query).await.unwrap();
    let mut found = page
        .entries
        .into_iter()
        .chain(alone)
        .filter_map(|entry| match entry {
            DirectoryEntry::Member {
                user,
                last_active_at,
                ..
            } => Some((user.id, last_active_at)),
            DirectoryEntry::Invited { .. } => None,
        });
    let (_, listed) = found.find(|(id, _)| *id == user).unwrap();
    let (id, alone) = found.next_back().unwrap();
    assert_eq!((id, alone), (user, listed));
    alone
}

/// In this workspace; ended sessions count, those of others and elsewhere do not.
pub async fn a_member_was_last_active_in_the_newest_sessions_there(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let user = team.join(&store, team.role(SystemRole::Agent)).await.id;
    invitations::insert(&store, &team, &invitations::of(&team).build()).await;
    assert_eq!(last_active(&store, &team, user).await, None);
    let there = |secs| {
        a_session(user)
            .in_workspace(team.id())
            .active_at(at(secs))
            .build()
    };
    let elsewhere = [
        a_session(user)
            .in_workspace(other.id())
            .active_at(at(99))
            .build(),
        a_session(user).active_at(at(98)).build(),
        a_session(team.admin.id)
            .in_workspace(team.id())
            .active_at(at(97))
            .build(),
    ];
    insert_sessions(&store, &elsewhere).await;
    assert_eq!(last_active(&store, &team, user).await, None);
    let admin = last_active(&store, &team, team.admin.id).await;
    assert_eq!(admin, Some(at(97)));

    insert_sessions(&store, &[there(20), there(30), there(10)]).await;
    assert_eq!(last_active(&store, &team, user).await, Some(at(30)));
    let ended = SessionRecord {
        session: a_session(user)
            .in_workspace(team.id())
            .ended(at(41), EndReason::Logout)
            .build()
            .session,
        ..there(40)
    };
    insert_sessions(&store, &[ended]).await;
    assert_eq!(last_active(&store, &team, user).await, Some(at(40)));
}
