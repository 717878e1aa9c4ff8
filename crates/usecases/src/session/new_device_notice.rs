//! Tells a person of a sign-in on a device that they were not seen on before.

use std::sync::Arc;

use kogents_domain::auth::{Language, OneTimeToken, TokenPurpose, User};
use kogents_domain::ids::UserId;
use kogents_domain::mail::{Dedupe, Letter, MailJob, MailMessage};
use kogents_domain::session::{NewSession, SessionFacts};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::time::{Span, Timestamp};

use crate::auth::ReportedSession;
use crate::mail::{Addressee, MailDesk, MailedTokens};

/// For so long after signing up a person expects every device of theirs to be new.
const SETTLING_IN: Span = Span::from_secs(60);
/// A person is told of one new device in this time at most.
const PAUSE: Span = Span::from_secs(60);

/// Tells persons of new devices, unless they do not want to be told.
pub struct NewDeviceNotices {
    /// Makes the token by which the person objects.
    pub tokens: Arc<MailedTokens>,
    /// Writes mail jobs.
    pub mail: Arc<MailDesk>,
}

/// Who is told, and how.
pub(crate) struct Told {
    user: User,
    addressee: Addressee,
}

/// What is written if the device turns out to be new.
pub(crate) struct NewDeviceNotice {
    token: OneTimeToken,
    job: MailJob,
}

impl NewDeviceNotices {
    /// Whether this person is told of new devices at this moment.
    pub(super) fn are_for(user: &User, now: Timestamp) -> bool {
        user.notify_new_device && now.since(user.created_at) >= SETTLING_IN
    }

    /// Who is told of a session of this person, if anybody is.
    pub(crate) async fn addressee(
        &self,
        unit: &mut dyn UnitOfWork,
        user: UserId,
        language: Option<&Language>,
        now: Timestamp,
    ) -> Result<Option<Told>, StoreError> {
        let found = unit.users().find(user).await?;
        let Some(user) = found.filter(|user| Self::are_for(user, now)) else {
            return Ok(None);
        };
        let addressee = Addressee::load(unit, &user, language).await?;
        Ok(Some(Told { user, addressee }))
    }

    /// The notice, sealed before it is known whether it is needed: nothing is sealed while a unit
    /// of work is open.
    pub(crate) fn prepare(
        &self,
        told: Told,
        session: &NewSession,
        now: Timestamp,
    ) -> NewDeviceNotice {
        let Told { user, addressee } = told;
        let about = ReportedSession {
            session: session.id,
        };
        let (token, kept) = self
            .tokens
            .issue_about(TokenPurpose::NotMe, user.id, &about, now);
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::NewDevice {
                name: user.name.as_str().to_owned(),
                device: session.facts.device_name.clone(),
                place: place(&session.facts),
                ip_address: session.facts.ip_address.to_string(),
                at: now,
                token,
            },
        };
        let mut job = self.mail.job(&letter, &user.email, addressee.language, now);
        // A later one would carry a link that is good for nothing.
        job.expires_at = Some(kept.expires_at);
        // What makes a device new is the client's to say, so a session might say it without end.
        let whose = self.tokens.digester.address(&user.email);
        job.dedupe = Some(Dedupe {
            key: self.mail.key("new_device", &whose),
            until: now.plus(PAUSE),
        });
        NewDeviceNotice { token: kept, job }
    }
}

impl NewDeviceNotice {
    /// Writes it in this unit of work, unless one was written a moment ago.
    pub(crate) async fn queue(self, unit: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        if unit.outbox().enqueue(&self.job).await? {
            unit.one_time_tokens().insert(&self.token).await?;
        }
        Ok(())
    }
}

/// Where the client's address is. What the frontend tells of its place is anybody's to choose, so
/// it says nothing here.
fn place(facts: &SessionFacts) -> Option<String> {
    let country = facts.ip_country_code.as_ref().map(|code| code.as_str());
    let parts: Vec<&str> = facts.city.as_deref().into_iter().chain(country).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
