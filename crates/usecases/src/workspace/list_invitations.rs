//! Lists the invitations into a workspace.

use std::collections::HashMap;
use std::sync::Arc;

use kogents_domain::access::Role;
use kogents_domain::auth::PersonName;
use kogents_domain::ids::{InvitationId, RoleId, UserId};
use kogents_domain::page::{Page, PageLimit};
use kogents_domain::store::{Store, StoreError};
use kogents_domain::workspace::Invitation;

use super::Member;

/// Which part of the list.
#[derive(Debug, Clone, Copy)]
pub struct ListInvitationsCommand {
    /// Who asks.
    pub member: Member,
    /// How many.
    pub limit: PageLimit,
    /// Those after this one.
    pub after: Option<InvitationId>,
}

/// An invitation and who is behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct SentInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The role to give.
    pub role: Role,
    /// Who invites; None: they are gone.
    pub invited_by: Option<(UserId, PersonName)>,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListInvitationsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the invitations into the member's current workspace, the newest first, those that have
/// expired too, as long as they can be sent again.
pub struct ListInvitations {
    /// The store.
    pub store: Arc<dyn Store>,
}

impl ListInvitations {
    /// Lists one page.
    ///
    /// # Errors
    /// See [`ListInvitationsError`].
    pub async fn run(
        &self,
        command: ListInvitationsCommand,
    ) -> Result<Page<SentInvitation, InvitationId>, ListInvitationsError> {
        let workspace = command.member.workspace_id;
        let mut unit = self.store.read(command.member.scope()).await?;
        let page = unit
            .invitations()
            .list(workspace, command.limit, command.after)
            .await?;
        let roles = unit.roles().list(workspace).await?;
        let roles: HashMap<RoleId, Role> = roles
            .into_iter()
            .map(|summary| (summary.role.id, summary.role))
            .collect();
        let mut inviters: HashMap<UserId, Option<PersonName>> = HashMap::new();
        let mut items = Vec::with_capacity(page.items.len());
        for invitation in page.items {
            let Some(role) = roles.get(&invitation.role_id).cloned() else {
                let what = format!("invitation {} is to no role", invitation.id);
                return Err(StoreError::Failed(what).into());
            };
            let mut invited_by = None;
            if let Some(id) = invitation.invited_by {
                let name = match inviters.get(&id) {
                    Some(known) => known.clone(),
                    None => unit.users().find(id).await?.map(|user| user.name),
                };
                inviters.insert(id, name.clone());
                invited_by = name.map(|name| (id, name));
            }
            items.push(SentInvitation {
                invitation,
                role,
                invited_by,
            });
        }
        let next = page.next;
        Ok(Page { items, next })
    }
}
