//! Tells the audit log of a password that was wrong.

use kogents_domain::audit::AuditAction;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::store::{Scope, StoreError};

use super::{Credentials, Device, Entered, Try};
use crate::audit::{Deed, Doer};

impl Credentials {
    pub(super) async fn tell_of_failure(
        &self,
        entered: Entered<'_>,
        begun: &Try,
    ) -> Result<(), StoreError> {
        match entered.device {
            Device::Bringing(_) => self.tell_of_sign_in(entered, begun).await,
            Device::SignedIn { user, session } => {
                self.tell_of_rejection((user, session), entered, begun)
                    .await
            }
        }
    }

    /// Nobody has proven who they are. An address that has an account is told of in the log of the
    /// workspace where its owner's next session would open, one that has none in no workspace's;
    /// for both the same rows are read and written, so that the time tells nothing.
    async fn tell_of_sign_in(&self, entered: Entered<'_>, begun: &Try) -> Result<(), StoreError> {
        let nobody = UserId::from_uuid(self.audit.ids.next());
        let mut unit = self.store.begin(Scope::System).await?;
        let owner = unit.users().find_by_email(entered.email).await?;
        let (id, last_workspace) = owner
            .as_ref()
            .map_or((nobody, None), |owner| (owner.id, owner.last_workspace_id));
        let standing = unit.memberships().find_standing(id, last_workspace).await?;
        let workspace = standing.map(|standing| standing.workspace.id);
        let action = AuditAction::SignInFailed;
        let deed = owner.map_or(Deed::new(action), |owner| Deed::to(action, owner.id));
        let by = Doer::client(entered.ip_address).in_workspace(workspace);
        self.audit.record(unit.as_mut(), by, deed, begun.at).await?;
        unit.commit().await
    }

    /// Somebody who is signed in has not proven it once more. A person who is gone by now is not told
    /// of: their acts are forgotten already.
    async fn tell_of_rejection(
        &self,
        (user, session): (UserId, SessionId),
        entered: Entered<'_>,
        begun: &Try,
    ) -> Result<(), StoreError> {
        let mut unit = self.store.begin(Scope::Person(user)).await?;
        if unit.users().find_for_update(user).await?.is_none() {
            return Ok(());
        }
        let found = unit.sessions().find(session).await?;
        let by = Doer::person(user, entered.ip_address)
            .in_session(session)
            .in_workspace(found.and_then(|session| session.workspace_id));
        let deed = Deed::to(AuditAction::PasswordRejected, user);
        self.audit.record(unit.as_mut(), by, deed, begun.at).await?;
        unit.commit().await
    }
}
