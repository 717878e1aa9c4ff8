//! Makes a change whose author has proven who they are.

use kogents_domain::auth::{PasswordHash, User};
use kogents_domain::mail::{Letter, MailJob, MailMessage};
use kogents_domain::store::{Scope, StoreError};
use kogents_domain::time::Timestamp;

use super::change::{Change, NewSecret, Written};
use super::{UpdateProfile, UpdateProfileCommand, UpdateProfileError};
use crate::auth::ReauthenticateError;
use crate::auth::email_change_desk::WantedAddress;
use crate::mail::Addressee;

impl UpdateProfile {
    /// A person who changes while the password is compared is compared once more.
    pub(super) async fn attempts(
        &self,
        command: &UpdateProfileCommand,
        proven: User,
    ) -> Result<User, UpdateProfileError> {
        let hash = match command.new_password() {
            Some(password) => Some(self.hasher.hash(password).await?),
            None => None,
        };
        if let Some(user) = self.attempt(command, &proven, hash.as_ref()).await? {
            return Ok(user);
        }
        let proven = self.prove(command).await?;
        let changed = self.attempt(command, &proven, hash.as_ref()).await?;
        changed.ok_or(UpdateProfileError::Reauthentication(
            ReauthenticateError::Required,
        ))
    }

    /// Makes the change, unless the person changed since they proved who they are.
    async fn attempt(
        &self,
        command: &UpdateProfileCommand,
        proven: &User,
        hash: Option<&PasswordHash>,
    ) -> Result<Option<User>, UpdateProfileError> {
        let now = self.clock.now();
        let change = self.prepare(command, proven, hash, now).await?;
        if change.is_none(proven, now) {
            return Ok(Some(proven.clone()));
        }
        let written = if change.password.is_some() {
            let fence = self.gate.fence(proven.id, now).await;
            let written = change.commit(self, now).await;
            self.gate.lift(proven.id, fence, now).await;
            written?
        } else {
            change.commit(self, now).await?
        };
        match written {
            Written::Done(user) => {
                if change.is_mailed() {
                    self.signal.wake();
                }
                Ok(Some(*user))
            }
            Written::Changed => Ok(None),
            Written::Gone => Err(UpdateProfileError::Gone),
        }
    }

    /// What is to be written, its mails sealed.
    async fn prepare<'a>(
        &self,
        command: &'a UpdateProfileCommand,
        proven: &'a User,
        hash: Option<&PasswordHash>,
        now: Timestamp,
    ) -> Result<Change<'a>, StoreError> {
        let wanted = command.new_email(proven);
        // Written to as they want to be from now on.
        let changed = proven.changed(command.change.clone(), now);
        let person = changed.as_ref().unwrap_or(proven);
        let mut unit = self.store.read(Scope::System).await?;
        let addressee = Addressee::load(unit.as_mut(), person, Some(&command.language)).await?;
        let is_taken = match wanted {
            Some(email) => unit.users().find_by_email(email).await?.is_some(),
            None => false,
        };
        drop(unit);
        let password = hash.map(|hash| NewSecret {
            hash: hash.clone(),
            notice: self.notice(command, person, addressee.clone(), now),
        });
        let email = wanted.map(|email| {
            let wanted = WantedAddress {
                email,
                is_taken,
                asked_by: command.caller.session_id,
            };
            self.desk.prepare(person, &wanted, addressee, now)
        });
        Ok(Change {
            caller: command.caller,
            told: &command.change,
            proven: Some(proven),
            password,
            email,
        })
    }

    /// The mail that tells of a new password.
    fn notice(
        &self,
        command: &UpdateProfileCommand,
        person: &User,
        addressee: Addressee,
        now: Timestamp,
    ) -> MailJob {
        let letter = Letter {
            brand: addressee.brand,
            message: MailMessage::PasswordChanged {
                name: person.name.as_str().to_owned(),
                ip_address: command.caller.ip_address.to_string(),
                at: now,
            },
        };
        let language = addressee.language;
        self.mail.job(&letter, &person.email, language, now)
    }
}
