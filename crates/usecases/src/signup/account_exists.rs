//! Tells the owner of an account that somebody signs up with their address.

use std::sync::Arc;

use kogents_domain::auth::User;
use kogents_domain::mail::{Letter, MailJob, MailMessage};
use kogents_domain::time::{Span, Timestamp};

use crate::mail::{Addressee, MailDesk};

/// The owner of an address learns at most this often that somebody signs up with it.
const PAUSE: Span = Span::from_secs(3_600);

/// Writes to owners of accounts.
pub struct AccountExists {
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
}

impl AccountExists {
    /// The mail to an owner.
    pub(super) fn job(&self, owner: &User, addressee: Addressee, now: Timestamp) -> MailJob {
        let Addressee {
            brand, language, ..
        } = addressee;
        let message = MailMessage::AccountExists {
            name: owner.name.as_str().to_owned(),
        };
        let letter = Letter { brand, message };
        self.mail
            .job_once_in(PAUSE, &letter, &owner.email, language, now)
    }
}
