//! Makes what a password reset begins with: a token and the mail that carries it.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, OneTimeToken, TokenPurpose};
use kogents_domain::ids::UserId;
use kogents_domain::mail::{Letter, MailJob, MailMessage};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;

use crate::mail::{Addressee, MailDesk, MailedTokens};

/// Makes resets.
pub struct ResetDesk {
    /// Makes tokens.
    pub tokens: Arc<MailedTokens>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
}

/// A reset to begin: what is kept of its token, and its mail.
pub(crate) struct Reset {
    token: OneTimeToken,
    job: MailJob,
}

impl ResetDesk {
    /// A reset that is mailed to an address; None as its owner: to nobody. The mail of a reset of
    /// nobody is not due before it has expired.
    pub(crate) fn prepare(
        &self,
        owner: Option<UserId>,
        name: &str,
        email: &EmailAddress,
        addressee: Addressee,
        now: Timestamp,
    ) -> Reset {
        let (token, kept) = self.tokens.issue(TokenPurpose::PasswordReset, owner, now);
        let minutes = TokenPurpose::PasswordReset.lifetime().as_secs_floor() / 60;
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::PasswordReset {
                name: name.to_owned(),
                token,
                minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
            },
        };
        let address = self.tokens.digester.address(email);
        let mut job = self.mail.job(&letter, email, addressee.language, now);
        // Who asks again has not got the first mail, so that need not be sent any more.
        job.replace_key = Some(self.mail.key("password_reset", &address));
        job.expires_at = Some(kept.expires_at);
        if owner.is_none() {
            job.run_at = kept.expires_at;
        }
        Reset { token: kept, job }
    }

    /// Writes it in this unit of work.
    pub(crate) async fn begin(
        &self,
        unit: &mut dyn UnitOfWork,
        reset: &Reset,
    ) -> Result<(), StoreError> {
        unit.one_time_tokens().insert(&reset.token).await?;
        unit.outbox().enqueue(&reset.job).await?;
        Ok(())
    }
}
