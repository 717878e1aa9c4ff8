//! Cases across repositories: a person's workspaces, and an account as a signup makes it.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::User;
use kogents_domain::mail::Template;
use kogents_domain::session::EndReason;
use kogents_domain::store::{Constraint, StoreError};
use kogents_domain::workspace::Workspace;

use super::support::{StorePort, at, begin, commit, find_user, insert_user, read, some_user};
use super::{outbox, sessions};
use crate::builders::{
    a_mail_job, a_membership, a_role, a_session, a_user, a_workspace, an_api_token, system_roles,
};

/// Adds a workspace that no other is.
pub(crate) async fn some_workspace(store: &StorePort) -> Workspace {
    let workspace = a_workspace().build();
    let mut unit = begin(store).await;
    unit.workspaces().insert(&workspace).await.unwrap();
    commit(unit).await;
    workspace
}

/// Adds a workspace and its admin role.
pub(crate) async fn some_workspace_with_role(store: &StorePort) -> (Workspace, Role) {
    let workspace = some_workspace(store).await;
    let role = a_role(workspace.id, SystemRole::Admin);
    let mut unit = begin(store).await;
    unit.roles().insert(&role).await.unwrap();
    commit(unit).await;
    (workspace, role)
}

/// The one member that the cases of persons leave out.
pub async fn a_person_with_a_last_workspace_round_trips(store: StorePort) {
    let workspace = some_workspace(&store).await;
    let user = a_user().everything().last_workspace(workspace.id).build();
    insert_user(&store, &user).await;
    assert_eq!(find_user(&store, user.id).await, Some(user));
}

/// To a workspace and to none; nothing else of the person changes.
pub async fn the_last_workspace_can_be_set_and_cleared(store: StorePort) {
    let workspace = some_workspace(&store).await;
    let user = some_user(&store).await;
    let other = some_user(&store).await;
    for (last, now) in [(Some(workspace.id), at(1)), (None, at(2))] {
        let mut unit = begin(&store).await;
        let users = unit.users();
        users.set_last_workspace(user.id, last, now).await.unwrap();
        commit(unit).await;
        let expected = User {
            last_workspace_id: last,
            updated_at: now,
            ..user.clone()
        };
        assert_eq!(find_user(&store, user.id).await, Some(expected));
    }
    assert_eq!(find_user(&store, other.id).await, Some(other));
}

/// The one member that the cases of sessions leave out.
pub async fn a_session_in_a_workspace_round_trips(store: StorePort) {
    let workspace = some_workspace(&store).await;
    let user = some_user(&store).await;
    let live = a_session(user.id).in_workspace(workspace.id).everything();
    let ended = live.clone().ended(at(5), EndReason::Removed);
    sessions::assert_round_trip(&store, live.build()).await;
    let ended = ended.with(|record| record.session.id = a_session(user.id).build().session.id);
    sessions::assert_round_trip(&store, ended.build()).await;
}

/// Person, workspace, roles, membership, session, API token and mail, in one unit: when its last
/// step conflicts, nothing of it is there; when none does, all is.
pub async fn a_whole_account_commits_at_once_or_not_at_all(store: StorePort) {
    let taken = some_workspace(&store).await;
    for (slug, outcome) in [
        (
            Some(taken.slug.as_str()),
            Err(StoreError::Conflict(Constraint::WorkspaceSlug)),
        ),
        (None, Ok(())),
    ] {
        let workspace = match slug {
            Some(slug) => a_workspace().slug(slug).build(),
            None => a_workspace().build(),
        };
        let user = a_user().build();
        let job = a_mail_job(Template::Welcome).build();
        let token = an_api_token(workspace.id).build();
        let session = a_session(user.id).in_workspace(workspace.id).build();
        let roles = system_roles(workspace.id);
        let admin = roles.first().unwrap();

        let mut unit = begin(&store).await;
        let made = async {
            unit.users().insert(&user).await?;
            assert!(unit.outbox().enqueue(&job).await?);
            unit.workspaces().insert(&workspace).await?;
            for role in &roles {
                unit.roles().insert(role).await?;
            }
            let membership = a_membership(user.id, admin).build();
            unit.memberships().insert(&membership).await?;
            unit.sessions().insert(&session).await?;
            unit.api_tokens().insert(&token).await
        }
        .await;
        assert_eq!(made, outcome);
        match made {
            Ok(()) => commit(unit).await,
            Err(_) => drop(unit),
        }

        let there = made.is_ok();
        let mut unit = read(&store).await;
        assert_eq!(unit.users().find(user.id).await.unwrap().is_some(), there);
        let found = unit.workspaces().find(workspace.id).await.unwrap();
        assert_eq!(found.is_some(), there);
        let found = unit.sessions().find(session.session.id).await.unwrap();
        assert_eq!(found.is_some(), there);
        let found = unit.api_tokens().find_by_digest(&token.digest).await;
        assert_eq!(found.unwrap().is_some(), there);
        let standing = unit.memberships().find_standing(user.id, None).await;
        assert_eq!(
            standing.unwrap().map(|at| at.role),
            made.ok().map(|()| admin.clone())
        );
        drop(unit);
        let queued = outbox::claim(&store, at(1), 10).await;
        assert_eq!(queued.iter().any(|mail| mail.id == job.id), there);
    }
}
