//! A workspace with its roles and an admin, for cases of what a member does there.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::User;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::{Scope, StoreError, UnitOfWork};
use kogents_domain::workspace::{Membership, Workspace};

use super::support::{StorePort, begin, commit};
use crate::builders::{MembershipBuilder, a_membership, a_user, a_workspace, system_roles};

/// A workspace as a signup leaves it.
pub(crate) struct Team {
    pub(crate) workspace: Workspace,
    /// The four of the system.
    pub(crate) roles: Vec<Role>,
    pub(crate) admin: User,
}

/// Adds a workspace that no other is, with its roles and one admin.
pub(crate) async fn some_team(store: &StorePort) -> Team {
    let workspace = a_workspace().build();
    let team = Team {
        roles: system_roles(workspace.id),
        admin: a_user().build(),
        workspace,
    };
    let mut unit = begin(store).await;
    unit.users().insert(&team.admin).await.unwrap();
    unit.workspaces().insert(&team.workspace).await.unwrap();
    for role in &team.roles {
        unit.roles().insert(role).await.unwrap();
    }
    let membership = a_membership(team.admin.id, team.role(SystemRole::Admin)).build();
    unit.memberships().insert(&membership).await.unwrap();
    commit(unit).await;
    team
}

impl Team {
    pub(crate) const fn id(&self) -> WorkspaceId {
        self.workspace.id
    }

    pub(crate) fn role(&self, system: SystemRole) -> &Role {
        let found = self.roles.iter().find(|role| role.system == Some(system));
        found.expect("a team has every system role")
    }

    /// What the admin does there.
    pub(crate) const fn scope(&self) -> Scope {
        Scope::Member(self.workspace.id, self.admin.id)
    }

    /// Begins a unit of the admin.
    pub(crate) async fn begin(&self, store: &StorePort) -> Box<dyn UnitOfWork> {
        store.begin(self.scope()).await.expect("cannot begin")
    }

    /// Begins a reading unit of the admin.
    pub(crate) async fn read(&self, store: &StorePort) -> Box<dyn UnitOfWork> {
        store.read(self.scope()).await.expect("cannot read")
    }

    /// Adds a role of the team's own.
    pub(crate) async fn add_role(&self, store: &StorePort, role: &Role) -> Result<(), StoreError> {
        let mut unit = self.begin(store).await;
        unit.roles().insert(role).await?;
        unit.commit().await
    }

    /// Adds a person that nobody else is, as a member with a role.
    pub(crate) async fn join(&self, store: &StorePort, role: &Role) -> User {
        let user = a_user().build();
        self.join_as(store, &user, role, |built| built).await;
        user
    }

    /// Adds a person as a member with a role, and whatever else is to be said of it.
    pub(crate) async fn join_as(
        &self,
        store: &StorePort,
        user: &User,
        role: &Role,
        change: impl FnOnce(MembershipBuilder) -> MembershipBuilder,
    ) -> Membership {
        let membership = change(a_membership(user.id, role)).build();
        let mut unit = self.begin(store).await;
        unit.users().insert(user).await.unwrap();
        unit.memberships().insert(&membership).await.unwrap();
        commit(unit).await;
        membership
    }

    /// A membership here, as its own admin sees it.
    pub(crate) async fn membership(&self, store: &StorePort, user: UserId) -> Option<Membership> {
        let mut unit = self.read(store).await;
        unit.memberships().find(self.id(), user).await.unwrap()
    }
}
