//! Makes mail jobs, sealed, before a unit of work begins.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, Language};
use kogents_domain::digest::{Digest, Digester, SealPurpose, Sealer};
use kogents_domain::ids::{IdGenerator, MailId};
use kogents_domain::mail::{Dedupe, Letter, MailJob, QueuedMail};
use kogents_domain::secret::SecretText;
use kogents_domain::time::{Span, Timestamp};

/// Why a queued message cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailDeskError {
    /// It does not open, or is no message that this version knows.
    #[error("the queued message cannot be read")]
    Unreadable,
}

/// Makes and opens mail jobs.
pub struct MailDesk {
    /// Seals messages.
    pub sealer: Arc<dyn Sealer>,
    /// Makes keys to compare jobs by.
    pub digester: Arc<dyn Digester>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
}

impl MailDesk {
    /// A job to send a letter at once.
    #[must_use]
    pub fn job(
        &self,
        letter: &Letter,
        recipient: &EmailAddress,
        language: Language,
        now: Timestamp,
    ) -> MailJob {
        let id = MailId::from_uuid(self.ids.next());
        // A letter is plain data: serialising it cannot fail.
        let plain = serde_json::to_vec(letter).unwrap_or_default();
        MailJob {
            id,
            template: letter.message.template(),
            language,
            recipient: recipient.clone(),
            sealed: self
                .sealer
                .seal(SealPurpose::Mail, id.as_uuid().as_bytes(), &plain),
            dedupe: None,
            replace_key: None,
            run_at: now,
            expires_at: None,
            created_at: now,
        }
    }

    /// The same, unless one like it was queued to the recipient within `window`.
    #[must_use]
    pub fn job_once_in(
        &self,
        window: Span,
        letter: &Letter,
        recipient: &EmailAddress,
        language: Language,
        now: Timestamp,
    ) -> MailJob {
        let address = self.digester.address(recipient);
        let key = self.key(letter.message.template().as_str(), &address);
        MailJob {
            dedupe: Some(Dedupe {
                key,
                until: now.plus(window),
            }),
            ..self.job(letter, recipient, language, now)
        }
    }

    /// A key to compare jobs by: what kind, and of what.
    #[must_use]
    pub fn key(&self, kind: &str, of: &Digest) -> Digest {
        let octets: String = of
            .as_bytes()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        self.digester
            .random_secret(&SecretText::new(format!("{kind}:{octets}")))
    }

    /// The letter of a claimed job.
    ///
    /// # Errors
    /// See [`MailDeskError`].
    pub fn open(&self, mail: &QueuedMail) -> Result<Letter, MailDeskError> {
        let plain = self
            .sealer
            .open(
                SealPurpose::Mail,
                mail.id.as_uuid().as_bytes(),
                &mail.sealed,
            )
            .map_err(|_| MailDeskError::Unreadable)?;
        serde_json::from_slice(&plain).map_err(|_| MailDeskError::Unreadable)
    }
}
