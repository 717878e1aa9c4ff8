//! Makes what a change of address begins with: a token and the mail that carries it.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, OneTimeToken, TokenPurpose, User};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::mail::{Letter, MailJob, MailMessage};
use kogents_domain::secret::SecretText;
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::Timestamp;

use super::EmailChange;
use crate::mail::{Addressee, MailDesk, MailedTokens};

/// Makes requests to change an address.
pub struct EmailChangeDesk {
    /// Makes tokens.
    pub tokens: Arc<MailedTokens>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
}

/// A change of address that is asked for: what is kept of its token, and its mail.
pub(crate) struct EmailRequest {
    owner: UserId,
    token: OneTimeToken,
    job: MailJob,
}

/// Which address somebody wants to have.
pub(crate) struct WantedAddress<'a> {
    /// The address.
    pub(crate) email: &'a EmailAddress,
    /// Whether it has an account.
    pub(crate) is_taken: bool,
    /// The session that asks.
    pub(crate) asked_by: SessionId,
}

impl EmailChangeDesk {
    /// A request that is mailed to the new address. Of one that has an account the token is
    /// nobody's, and the mail is not due before it has expired: the same rows are written, and
    /// nothing comes of them.
    pub(crate) fn prepare(
        &self,
        person: &User,
        wanted: &WantedAddress<'_>,
        addressee: Addressee,
        now: Timestamp,
    ) -> EmailRequest {
        let about = EmailChange {
            email: wanted.email.clone(),
            asked_by: wanted.asked_by,
        };
        let purpose = TokenPurpose::ConfirmEmail;
        let (token, mut kept) = self.tokens.issue_about(purpose, person.id, &about, now);
        let hours = purpose.lifetime().as_secs_floor() / 3_600;
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::ConfirmEmail {
                name: person.name.as_str().to_owned(),
                token,
                hours: u32::try_from(hours).unwrap_or(u32::MAX),
            },
        };
        let mut job = self
            .mail
            .job(&letter, wanted.email, addressee.language, now);
        job.replace_key = Some(self.replace_key(person.id));
        job.expires_at = Some(kept.expires_at);
        if wanted.is_taken {
            kept.user_id = None;
            job.run_at = kept.expires_at;
        }
        EmailRequest {
            owner: person.id,
            token: kept,
            job,
        }
    }

    /// What a person's mails to new addresses are told from others by: whoever asks again does not
    /// want the one before, to whatever address it was.
    pub(crate) fn replace_key(&self, person: UserId) -> Digest {
        let id = SecretText::new(person.to_string());
        let id = self.tokens.digester.random_secret(&id);
        self.mail.key("confirm_email", &id)
    }

    /// Writes it in this unit of work; what was asked for before is good for nothing.
    pub(crate) async fn begin(
        &self,
        unit: &mut dyn UnitOfWork,
        request: &EmailRequest,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let purpose = TokenPurpose::ConfirmEmail;
        unit.one_time_tokens()
            .void_all(request.owner, purpose, now)
            .await?;
        unit.one_time_tokens().insert(&request.token).await?;
        unit.outbox().enqueue(&request.job).await?;
        Ok(())
    }
}
