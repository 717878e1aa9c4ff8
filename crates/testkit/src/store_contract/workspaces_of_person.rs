//! Cases of the list of a person's workspaces.

use kogents_domain::access::SystemRole;
use kogents_domain::auth::User;
use kogents_domain::session::EndReason;
use kogents_domain::store::Scope;
use kogents_domain::workspace::{
    MAX_LISTED, MembershipStatus, PersonMembership, Standing, WorkspaceOfPerson,
};

use super::support::{StorePort, at, before, begin, commit, insert_sessions, read, some_user};
use super::team::{Team, some_team};
use crate::builders::{a_membership, a_role, a_session, a_user, a_workspace};

/// Makes the person a member of another team since a moment.
async fn joined(
    store: &StorePort,
    user: &User,
    system: SystemRole,
    (status, secs): (MembershipStatus, i64),
) -> (Team, Standing) {
    let team = some_team(store).await;
    let role = team.role(system).clone();
    let membership = a_membership(user.id, &role)
        .status(status)
        .since(at(secs))
        .build();
    let mut unit = begin(store).await;
    unit.memberships().insert(&membership).await.unwrap();
    commit(unit).await;
    let standing = Standing {
        workspace: team.workspace.clone(),
        role,
    };
    (team, standing)
}

async fn listed(store: &StorePort, user: &User) -> Vec<WorkspaceOfPerson> {
    let mut unit = read(store).await;
    let memberships = unit.memberships();
    memberships.list_of_person(user.id, at(100)).await.unwrap()
}

/// Whatever the order they were made in; only those that the person is active in.
pub async fn workspaces_of_a_person_come_with_the_oldest_first(store: StorePort) {
    let user = some_user(&store).await;
    assert_eq!(listed(&store, &user).await, []);
    let active = MembershipStatus::Active;
    let (_, second) = joined(&store, &user, SystemRole::Agent, (active, 2)).await;
    let (_, first) = joined(&store, &user, SystemRole::Viewer, (active, 1)).await;
    let (_, third) = joined(&store, &user, SystemRole::Admin, (active, 3)).await;
    for (status, secs) in MembershipStatus::ALL.into_iter().zip(-4..) {
        if status != active {
            joined(&store, &user, SystemRole::Agent, (status, secs)).await;
        }
    }
    let standings = listed(&store, &user).await.into_iter();
    let standings: Vec<Standing> = standings.map(|one| one.standing).collect();
    assert_eq!(standings, [first, second, third]);
}

/// Members of whatever status, and everybody's sessions there that are live.
pub async fn a_workspace_of_a_person_tells_who_is_there(store: StorePort) {
    let user = some_user(&store).await;
    let active = MembershipStatus::Active;
    let (team, standing) = joined(&store, &user, SystemRole::Agent, (active, 1)).await;
    let (quiet, quiet_standing) = joined(&store, &user, SystemRole::Agent, (active, 2)).await;
    for status in MembershipStatus::ALL {
        let other = a_user().build();
        let viewer = team.role(SystemRole::Viewer);
        team.join_as(&store, &other, viewer, |built| built.status(status))
            .await;
    }
    let there = |user: &User| a_session(user.id).in_workspace(team.id());
    let now = at(100);
    insert_sessions(
        &store,
        &[
            there(&user).build(),
            there(&team.admin).build(),
            there(&user).idle_until(at(101)).build(),
            there(&user).idle_until(now).build(),
            there(&user).idle_until(before(now)).build(),
            there(&user).absolute_until(now).build(),
            there(&user).ended(at(50), EndReason::Logout).build(),
            a_session(user.id).build(),
            a_session(quiet.admin.id).build(),
        ],
    )
    .await;
    let expected = [
        WorkspaceOfPerson {
            standing,
            members: 6,
            active_sessions: 3,
        },
        WorkspaceOfPerson {
            standing: quiet_standing,
            members: 2,
            active_sessions: 0,
        },
    ];
    assert_eq!(listed(&store, &user).await, expected);
}

/// However many there are.
pub async fn no_more_workspaces_are_listed_than_the_most(store: StorePort) {
    let user = some_user(&store).await;
    let mut unit = begin(&store).await;
    let mut ids = Vec::new();
    for secs in 0..=i64::from(MAX_LISTED) {
        let workspace = a_workspace().build();
        let role = a_role(workspace.id, SystemRole::Viewer);
        let membership = a_membership(user.id, &role).since(at(secs)).build();
        unit.workspaces().insert(&workspace).await.unwrap();
        unit.roles().insert(&role).await.unwrap();
        unit.memberships().insert(&membership).await.unwrap();
        ids.push(workspace.id);
    }
    commit(unit).await;
    ids.pop();
    let found = listed(&store, &user).await.into_iter();
    let found: Vec<_> = found.map(|one| one.standing.workspace.id).collect();
    assert_eq!(found, ids);
}

/// By the workspaces' ids, with their roles, in the person's own scope too; nobody else's.
pub async fn memberships_of_whatever_status_are_listed(store: StorePort) {
    let user = some_user(&store).await;
    let mut expected = Vec::new();
    let roles = SystemRole::ALL.into_iter().cycle();
    for ((status, system), secs) in MembershipStatus::ALL.into_iter().zip(roles).zip(0..) {
        // The later the workspace, the earlier they joined.
        let (team, standing) = joined(&store, &user, system, (status, 9 - secs)).await;
        let membership = team.membership(&store, user.id).await.unwrap();
        assert_eq!(membership.status, status);
        expected.push(PersonMembership {
            membership,
            standing,
        });
    }
    some_team(&store).await;
    for scope in [Scope::System, Scope::Person(user.id)] {
        let mut unit = store.read(scope).await.unwrap();
        let found = unit.memberships().list_all_of_person(user.id).await;
        assert_eq!(found.as_ref(), Ok(&expected), "{scope:?}");
    }
    let stranger = some_user(&store).await;
    let mut unit = read(&store).await;
    let found = unit.memberships().list_all_of_person(stranger.id).await;
    assert_eq!(found, Ok(Vec::new()));
}
