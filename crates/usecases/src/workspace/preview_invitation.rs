//! Tells what an invitation is to, before it is accepted.

use std::sync::Arc;

use kogents_domain::mail::MailedToken;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;
use kogents_domain::workspace::{Invitation, Workspace};

use super::good_invitation::GoodInvitation;
use crate::mail::MailedTokens;

/// An invitation as its reader may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct InvitationPreview {
    /// The workspace.
    pub workspace: Workspace,
    /// The invitation.
    pub invitation: Invitation,
    /// Whether the address has an account. Whoever has the token reads the address's mail.
    pub has_account: bool,
}

/// Why there is nothing to see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreviewInvitationError {
    /// Unknown, accepted, withdrawn, expired, or nobody vouches for it any more.
    #[error("the invitation is not good")]
    Invalid,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tells what the invitation of a mailed token is to. It changes nothing.
pub struct PreviewInvitation {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads tokens.
    pub tokens: Arc<MailedTokens>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl PreviewInvitation {
    /// Tells.
    ///
    /// # Errors
    /// See [`PreviewInvitationError`].
    pub async fn run(
        &self,
        token: MailedToken,
    ) -> Result<InvitationPreview, PreviewInvitationError> {
        let digest = self.tokens.digest(&token);
        let now = self.clock.now();
        let mut unit = self.store.read(Scope::System).await?;
        let good = GoodInvitation::find(unit.as_mut(), &digest, now).await?;
        let good = good.ok_or(PreviewInvitationError::Invalid)?;
        let account = unit.users().find_by_email(&good.invitation.email).await?;
        Ok(InvitationPreview {
            workspace: good.workspace,
            invitation: good.invitation,
            has_account: account.is_some(),
        })
    }
}
