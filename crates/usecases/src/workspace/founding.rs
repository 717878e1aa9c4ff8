//! What a workspace begins with: its roles, its first admin, its API token.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::audit::AuditAction;
use kogents_domain::digest::Digester;
use kogents_domain::ids::{ApiTokenId, IdGenerator, RoleId, UserId, WorkspaceId};
use kogents_domain::random::SecureRandom;
use kogents_domain::signup::WorkspaceDraft;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{ApiToken, ApiTokenSecret, Membership, Standing, Workspace};

use crate::audit::Deed;

/// Everything that a workspace begins with, made before a unit of work begins.
pub(crate) struct Founding {
    pub(crate) workspace: Workspace,
    pub(crate) admin: Role,
    other_roles: Vec<Role>,
    membership: Membership,
    api_token: ApiToken,
    /// The token itself, shown once.
    pub(crate) api_token_secret: ApiTokenSecret,
}

/// Makes what a workspace begins with.
pub(crate) struct Founder<'a> {
    pub(crate) ids: &'a dyn IdGenerator,
    pub(crate) random: &'a dyn SecureRandom,
    pub(crate) digester: &'a dyn Digester,
}

impl Founder<'_> {
    /// Of a workspace whose admin is this person.
    pub(crate) fn found(
        &self,
        id: WorkspaceId,
        draft: WorkspaceDraft,
        admin: UserId,
        now: Timestamp,
    ) -> Founding {
        let role = |system| Role::system(RoleId::from_uuid(self.ids.next()), id, system, now);
        let others = SystemRole::ALL
            .into_iter()
            .filter(|system| *system != SystemRole::Admin);
        let admin_role = role(SystemRole::Admin);
        let api_token_secret = ApiTokenSecret::generate(self.random);
        Founding {
            workspace: Workspace::from_draft(id, draft, now),
            membership: Membership::active(id, admin, admin_role.id, now),
            admin: admin_role,
            other_roles: others.map(role).collect(),
            api_token: ApiToken {
                id: ApiTokenId::from_uuid(self.ids.next()),
                workspace_id: id,
                prefix: api_token_secret.prefix(),
                digest: self.digester.random_secret(api_token_secret.secret()),
                created_at: now,
                revoked_at: None,
            },
            api_token_secret,
        }
    }
}

impl Founding {
    /// Writes it; the admin is there already.
    pub(crate) async fn insert(&self, unit: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        unit.workspaces().insert(&self.workspace).await?;
        unit.roles().insert(&self.admin).await?;
        for role in &self.other_roles {
            unit.roles().insert(role).await?;
        }
        unit.memberships().insert(&self.membership).await?;
        unit.api_tokens().insert(&self.api_token).await
    }

    /// What its log begins with.
    pub(crate) fn deeds(&self) -> [Deed; 3] {
        let Self {
            workspace,
            membership,
            api_token,
            ..
        } = self;
        [
            Deed::to(AuditAction::WorkspaceCreated, workspace.id)
                .with("name", workspace.name.as_str())
                .with("slug", workspace.slug.as_str()),
            Deed::to(AuditAction::MemberJoined, membership.user_id)
                .with("role", self.admin.name.as_str()),
            Deed::to(AuditAction::ApiTokenCreated, api_token.id)
                .with("prefix", api_token.prefix.as_str()),
        ]
    }

    /// Where its admin stands.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            workspace: self.workspace.clone(),
            role: self.admin.clone(),
        }
    }
}
