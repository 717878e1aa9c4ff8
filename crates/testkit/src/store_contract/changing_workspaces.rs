//! Cases of workspaces that change, are locked, and go.

use std::sync::Arc;

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::{Language, User};
use kogents_domain::ids::WorkspaceId;
use kogents_domain::session::SessionRecord;
use kogents_domain::store::{Constraint, StoreError};
use kogents_domain::workspace::{ApiToken, Branding, Invitation, Slug, Workspace, WorkspaceName};

use super::support::{
    StorePort, at, begin, commit, find_session, find_user, insert_sessions, read,
};
use super::team::{Team, some_team};
use super::{accounts, invitations};
use crate::builders::{
    START, a_custom_role, a_session, a_workspace, an_api_token, an_own_permission,
    branding_with_everything, unique_id, unique_word,
};
use crate::parallel::at_once;

async fn find(store: &StorePort, id: WorkspaceId) -> Option<Workspace> {
    read(store).await.workspaces().find(id).await.unwrap()
}

async fn update(store: &StorePort, team: &Team, workspace: &Workspace) -> Result<(), StoreError> {
    let mut unit = team.begin(store).await;
    unit.workspaces().update(workspace).await?;
    unit.commit().await
}

/// Name, slug, branding and language, and when; to every optional member and to none.
pub async fn a_workspace_changes_in_every_field(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let slug = Slug::parse(&format!("new-{}", unique_word())).unwrap();
    let full = Workspace {
        name: WorkspaceName::parse("Umbrella").unwrap(),
        slug: slug.clone(),
        branding: branding_with_everything(),
        language: Language::parse("fr-CA").ok(),
        updated_at: at(5),
        ..team.workspace.clone()
    };
    let bare = Workspace {
        branding: Branding::default(),
        language: None,
        updated_at: at(6),
        ..full.clone()
    };
    for expected in [&full, &bare] {
        let written = Workspace {
            created_at: at(99),
            ..expected.clone()
        };
        assert_eq!(update(&store, &team, &written).await, Ok(()));
        assert_eq!(find(&store, team.id()).await.as_ref(), Some(expected));
    }
    let mut unit = read(&store).await;
    let workspaces = unit.workspaces();
    let by_new = workspaces.find_by_slug(&slug).await;
    assert_eq!(by_new, Ok(Some(bare)));
    let by_old = workspaces.find_by_slug(&team.workspace.slug).await;
    assert_eq!(by_old, Ok(None));
    assert_eq!(workspaces.find(other.id()).await, Ok(Some(other.workspace)));
}

/// Its own is no conflict.
pub async fn s28_a_workspace_does_not_take_the_slug_of_another(store: StorePort) {
    let (team, other) = (some_team(&store).await, some_team(&store).await);
    let taken = Workspace {
        slug: other.workspace.slug.clone(),
        ..team.workspace.clone()
    };
    assert_eq!(
        update(&store, &team, &taken).await,
        Err(StoreError::Conflict(Constraint::WorkspaceSlug))
    );
    assert_eq!(update(&store, &team, &team.workspace).await, Ok(()));
    assert_eq!(find(&store, team.id()).await, Some(team.workspace));
}

/// Whole; of one that is not there, nothing.
pub async fn locking_a_workspace_gives_the_workspace(store: StorePort) {
    let workspace = a_workspace().everything().build();
    let mut unit = begin(&store).await;
    let workspaces = unit.workspaces();
    workspaces.insert(&workspace).await.unwrap();
    commit(unit).await;
    let mut unit = begin(&store).await;
    let workspaces = unit.workspaces();
    let locked = workspaces.find_for_update(workspace.id).await;
    assert_eq!(locked, Ok(Some(workspace)));
    let unknown = WorkspaceId::from_uuid(unique_id());
    assert_eq!(workspaces.find_for_update(unknown).await, Ok(None));
    commit(unit).await;
}

/// Ten units lock, read, and write one more than they read: without the lock some would write
/// over each other.
pub async fn locked_units_of_one_workspace_follow_each_other(store: StorePort) {
    let team = Arc::new(some_team(&store).await);
    at_once((0..10).map(|_| {
        let (store, team) = (Arc::clone(&store), Arc::clone(&team));
        async move {
            let mut unit = team.begin(&store).await;
            let locked = unit.workspaces().find_for_update(team.id()).await;
            let mut workspace = locked.unwrap().unwrap();
            tokio::task::yield_now().await;
            let industry = workspace.branding.industry.as_deref();
            let count: u32 = industry.unwrap_or("0").parse().unwrap();
            workspace.branding.industry = Some((count + 1).to_string());
            unit.workspaces().update(&workspace).await.unwrap();
            commit(unit).await;
        }
    }))
    .await;
    let found = find(&store, team.id()).await.unwrap();
    assert_eq!(found.branding.industry.as_deref(), Some("10"));
}

/// A team with one of everything that a workspace has.
struct Furnished {
    team: Team,
    role: Role,
    member: User,
    invitation: Invitation,
    token: ApiToken,
    session: SessionRecord,
}

async fn furnished(store: &StorePort) -> Furnished {
    let team = some_team(store).await;
    let role = a_custom_role(team.id(), "Night shift");
    team.add_role(store, &role).await.unwrap();
    let member = team.join(store, &role).await;
    let there = Furnished {
        invitation: invitations::of(&team).build(),
        token: an_api_token(team.id()).build(),
        session: a_session(member.id).in_workspace(team.id()).build(),
        role,
        member,
        team,
    };
    let permission = an_own_permission("reports:export");
    let mut unit = there.team.begin(store).await;
    let id = there.team.id();
    let permissions = unit.workspace_permissions();
    permissions.insert(id, &permission, START).await.unwrap();
    let granted = unit.roles().grant(there.role.id, &[permission.name]).await;
    granted.unwrap();
    unit.invitations().insert(&there.invitation).await.unwrap();
    unit.api_tokens().insert(&there.token).await.unwrap();
    commit(unit).await;
    insert_sessions(store, std::slice::from_ref(&there.session)).await;
    there
}

/// How many of each there are: members, roles, permissions, grants, invitations, tokens.
async fn counts(store: &StorePort, there: &Furnished) -> [usize; 6] {
    let id = there.team.id();
    let mut unit = read(store).await;
    let members = unit.memberships().list_users(id, None).await.unwrap();
    let roles = unit.roles().list(id).await.unwrap();
    let permissions = unit.workspace_permissions().list(id).await.unwrap();
    let grants = unit.roles().granted(there.role.id).await.unwrap();
    let digest = &there.invitation.digest;
    let invitation = unit.invitations().find_open(digest, at(1)).await.unwrap();
    let token = unit.api_tokens().find_by_digest(&there.token.digest).await;
    [
        members.len(),
        roles.len(),
        permissions.len(),
        grants.len(),
        usize::from(invitation.is_some()),
        usize::from(token.unwrap().is_some()),
    ]
}

/// Members, roles, permissions, invitations and tokens; not the persons, not what their sessions
/// tell, and nothing of another workspace.
pub async fn a_workspace_goes_with_everything_that_is_its(store: StorePort) {
    let (gone, stays) = (furnished(&store).await, furnished(&store).await);
    let everything = [2, 5, 1, 1, 1, 1];
    assert_eq!(counts(&store, &gone).await, everything);
    let mut unit = gone.team.begin(&store).await;
    let id = gone.team.id();
    for deleted in [true, false] {
        assert_eq!(unit.workspaces().delete(id).await, Ok(deleted));
    }
    commit(unit).await;
    assert_eq!(find(&store, id).await, None);
    assert_eq!(counts(&store, &gone).await, [0; 6]);
    assert_eq!(counts(&store, &stays).await, everything);
    let found = find(&store, stays.team.id()).await;
    assert_eq!(found.as_ref(), Some(&stays.team.workspace));
    let member = gone.member;
    assert_eq!(find_user(&store, member.id).await.as_ref(), Some(&member));
    let session = gone.session.session;
    assert_eq!(find_session(&store, session.id).await, Some(session));
    let mut unit = read(&store).await;
    let standing = unit.memberships().find_standing(member.id, None).await;
    assert_eq!(standing, Ok(None));
    // The slug is free again.
    let slug = gone.team.workspace.slug.as_str();
    let next = a_workspace().slug(slug).build();
    let mut unit = begin(&store).await;
    assert_eq!(unit.workspaces().insert(&next).await, Ok(()));
    commit(unit).await;
}

/// With whatever was to go with it.
pub async fn a_workspace_deleted_in_a_dropped_unit_is_still_there(store: StorePort) {
    let there = furnished(&store).await;
    let mut unit = there.team.begin(&store).await;
    let deleted = unit.workspaces().delete(there.team.id()).await;
    assert_eq!(deleted, Ok(true));
    drop(unit);
    assert_eq!(counts(&store, &there).await, [2, 5, 1, 1, 1, 1]);
    let other = accounts::some_workspace(&store).await;
    assert_eq!(find(&store, other.id).await, Some(other));
    let admin = there.team.role(SystemRole::Admin);
    let mut unit = there.team.read(&store).await;
    let found = unit.roles().find(there.team.id(), admin.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(admin));
}
