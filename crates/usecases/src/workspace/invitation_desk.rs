//! Makes what an invitation is sent with, a token and the mail that carries it, and keeps to how
//! many may be sent.

use std::sync::Arc;

use kogents_domain::access::Role;
use kogents_domain::audit::AuditAction;
use kogents_domain::auth::{EmailAddress, Language, User};
use kogents_domain::digest::Digest;
use kogents_domain::limits::{LimitLedger, LimitRule};
use kogents_domain::mail::{Letter, MailBrand, MailJob, MailMessage, MailedToken};
use kogents_domain::secret::SecretText;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{Invitation, Workspace};

use crate::audit::Deed;
use crate::limits::{Held, Limited, RateLimits};
use crate::mail::{MailDesk, MailedTokens};

/// Makes tokens of invitations and the mails that carry them, and counts the mails: whoever has a
/// workspace may write to any address, and nobody is to be flooded by that.
pub struct InvitationDesk {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// Makes tokens.
    pub tokens: Arc<MailedTokens>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
}

impl InvitationDesk {
    /// A fresh token, and what is kept of it.
    pub(super) fn token(&self) -> (MailedToken, Digest) {
        let token = MailedToken::generate(self.tokens.random.as_ref());
        let digest = self.tokens.digest(&token);
        (token, digest)
    }

    /// Counts a mail to an address, from whatever workspace it comes and whether the address has an
    /// account or not. The count is [given back](Self::give_back) when none is queued.
    pub(super) async fn count(
        &self,
        recipient: &EmailAddress,
        ledger: &LimitLedger,
        now: Timestamp,
    ) -> Result<Held, Limited> {
        let charged = [(LimitRule::InviteEmail, self.limits.mailbox(recipient))];
        self.limits.take(ledger, &charged, now).await
    }

    /// No mail was queued.
    pub(super) async fn give_back(&self, ledger: &LimitLedger, held: Held, now: Timestamp) {
        self.limits.give_back(ledger, held, &[], now).await;
    }

    /// The mail that carries an invitation's token, from somebody of a workspace. It is written in
    /// the workspace's language, else the one that was asked for: which language the reader has set
    /// would tell that there is an account. An older mail of the invitation that was not sent yet
    /// gives way to it.
    pub(super) fn job(
        &self,
        invitation: &Invitation,
        token: MailedToken,
        (inviter, workspace): (&User, &Workspace),
        requested: Language,
        now: Timestamp,
    ) -> MailJob {
        let days = Invitation::LIFETIME.as_secs_floor() / (24 * 3_600);
        let letter = Letter {
            brand: Some(MailBrand::of(&workspace.name, &workspace.branding)),
            message: MailMessage::Invitation {
                name: invitation.name.as_str().to_owned(),
                inviter: inviter.name.as_str().to_owned(),
                workspace: workspace.name.as_str().to_owned(),
                token,
                days: u32::try_from(days).unwrap_or(u32::MAX),
            },
        };
        let language = workspace.language.clone().unwrap_or(requested);
        let id = SecretText::new(invitation.id.to_string());
        let id = self.tokens.digester.random_secret(&id);
        MailJob {
            replace_key: Some(self.mail.key("invitation", &id)),
            expires_at: Some(invitation.expires_at),
            ..self.mail.job(&letter, &invitation.email, language, now)
        }
    }
}

/// What the audit log tells of an invitation: whom it is for, so that those who may know recognise
/// them, and the role it is to.
pub(super) fn told(action: AuditAction, invitation: &Invitation, role: Option<&Role>) -> Deed {
    let deed = Deed::to(action, invitation.id).with("email", invitation.email.masked());
    match role {
        Some(role) => deed.with("role", role.name.as_str()),
        None => deed,
    }
}
