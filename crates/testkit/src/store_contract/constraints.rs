//! Every constraint of the domain, broken once.

use kogents_domain::access::SystemRole;
use kogents_domain::store::{Constraint, StoreError, UnitOfWork};

use super::support::{StorePort, begin, commit};
use crate::builders::{
    START, a_membership, a_role, a_user, a_workspace, an_api_token, an_invitation,
    an_own_permission,
};

/// What is there already, for others to be like.
struct Present {
    user: kogents_domain::auth::User,
    workspace: kogents_domain::workspace::Workspace,
    role: kogents_domain::access::Role,
    permission: kogents_domain::access::Permission,
    invitation: kogents_domain::workspace::Invitation,
    token: kogents_domain::workspace::ApiToken,
}

async fn present(store: &StorePort) -> Present {
    let workspace = a_workspace().build();
    let (user, role) = (a_user().build(), a_role(workspace.id, SystemRole::Admin));
    let there = Present {
        permission: an_own_permission("reports:export"),
        invitation: an_invitation(&role, user.id).build(),
        token: an_api_token(workspace.id).build(),
        user,
        role,
        workspace,
    };
    let mut unit = begin(store).await;
    unit.users().insert(&there.user).await.unwrap();
    unit.workspaces().insert(&there.workspace).await.unwrap();
    unit.roles().insert(&there.role).await.unwrap();
    let membership = a_membership(there.user.id, &there.role).build();
    unit.memberships().insert(&membership).await.unwrap();
    let id = there.workspace.id;
    let permissions = unit.workspace_permissions();
    let inserted = permissions.insert(id, &there.permission, START).await;
    inserted.unwrap();
    unit.invitations().insert(&there.invitation).await.unwrap();
    unit.api_tokens().insert(&there.token).await.unwrap();
    commit(unit).await;
    there
}

/// Adds a row that differs from a present one in everything but what the constraint is about.
async fn double(
    unit: &mut Box<dyn UnitOfWork>,
    there: &Present,
    constraint: Constraint,
) -> Result<(), StoreError> {
    let workspace = there.workspace.id;
    match constraint {
        Constraint::UserEmail => {
            let user = a_user().email(there.user.email.as_given()).build();
            unit.users().insert(&user).await
        }
        Constraint::UserSignup => {
            let user = a_user().signup(there.user.signup_id).build();
            unit.users().insert(&user).await
        }
        Constraint::WorkspaceSlug => {
            let double = a_workspace().slug(there.workspace.slug.as_str()).build();
            unit.workspaces().insert(&double).await
        }
        Constraint::Membership => {
            let other_role = a_role(workspace, SystemRole::Viewer);
            unit.roles().insert(&other_role).await?;
            let double = a_membership(there.user.id, &other_role).build();
            unit.memberships().insert(&double).await
        }
        Constraint::RoleName => {
            let mut double = a_role(workspace, SystemRole::Viewer);
            double.system = None;
            double.name.clone_from(&there.role.name);
            unit.roles().insert(&double).await
        }
        Constraint::PermissionName => {
            let double = an_own_permission(there.permission.name.as_str());
            let permissions = unit.workspace_permissions();
            permissions.insert(workspace, &double, START).await
        }
        Constraint::Invitation => {
            let double = an_invitation(&there.role, there.user.id)
                .email(there.invitation.email.as_given())
                .build();
            unit.invitations().insert(&double).await
        }
        Constraint::ApiTokenDigest => {
            let double = an_api_token(workspace)
                .with(|token| token.digest = there.token.digest)
                .build();
            unit.api_tokens().insert(&double).await
        }
    }
}

/// Each by its own name, within the unit that made the rows and in a later one.
pub async fn s28_every_constraint_is_reported_by_its_name(store: StorePort) {
    let there = present(&store).await;
    for constraint in Constraint::ALL {
        let mut unit = begin(&store).await;
        assert_eq!(
            double(&mut unit, &there, constraint).await,
            Err(StoreError::Conflict(constraint))
        );
        drop(unit);
    }
    // And the rows that were there still are.
    let mut unit = begin(&store).await;
    let standing = unit.memberships().find_standing(there.user.id, None).await;
    assert_eq!(standing.unwrap().map(|at| at.role), Some(there.role));
}
