//! Mails a link by which a new password is chosen.

use std::sync::Arc;

use kogents_domain::auth::{EmailAddress, Language, User};
use kogents_domain::ids::{IdGenerator, UserId};
use kogents_domain::limits::{LimitLedger, LimitRule};
use kogents_domain::mail::OutboxSignal;
use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::Clock;

use super::ResetDesk;
use crate::limits::{Limited, RateLimits};
use crate::mail::Addressee;

/// Whose password is to be reset.
#[derive(Debug, Clone)]
pub struct RequestPasswordResetCommand {
    /// The address.
    pub email: EmailAddress,
    /// The language to write in where the owner has set none.
    pub language: Language,
    /// Where to write what the limits say.
    pub ledger: LimitLedger,
}

/// Why no reset began.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestPasswordResetError {
    /// Too many resets of this address were asked for.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Mails a link to the owner of an address. Whether it has one shows neither in the answer nor in
/// its time: for an unknown address, and for a suspended person, the same rows are read and
/// written, of which nothing comes.
pub struct RequestPasswordReset {
    /// The limits.
    pub limits: Arc<RateLimits>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Makes resets.
    pub desk: Arc<ResetDesk>,
    /// Wakes the mail worker.
    pub signal: Arc<dyn OutboxSignal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
}

impl RequestPasswordReset {
    /// Begins a reset.
    ///
    /// # Errors
    /// See [`RequestPasswordResetError`].
    pub async fn run(
        &self,
        command: RequestPasswordResetCommand,
    ) -> Result<(), RequestPasswordResetError> {
        let now = self.clock.now();
        let charged = [(LimitRule::ResetEmail, self.limits.mailbox(&command.email))];
        self.limits.take(&command.ledger, &charged, now).await?;

        let nobody = UserId::from_uuid(self.ids.next());
        let (owner, addressee) = self.addressee(&command, nobody).await?;
        // Written to the address that is proven, whichever form of it was asked with.
        let email = owner.as_ref().map_or(&command.email, |owner| &owner.email);
        let name = owner.as_ref().map_or("", |owner| owner.name.as_str());
        let id = owner.as_ref().map(|owner| owner.id);
        let reset = self.desk.prepare(id, name, email, addressee, now);

        let mut unit = self.store.begin(Scope::System).await?;
        // Whose address is changed at this moment is not mailed at the old one: that change voids
        // resets, and this one would come after it.
        let locked = unit.users().find_for_update(id.unwrap_or(nobody)).await?;
        if locked.map(|user| user.email) == owner.map(|owner| owner.email) {
            self.desk.begin(unit.as_mut(), &reset).await?;
        }
        unit.commit().await?;
        self.signal.wake();
        Ok(())
    }

    /// The address's owner, if they may sign in, and how they are written to.
    async fn addressee(
        &self,
        command: &RequestPasswordResetCommand,
        nobody: UserId,
    ) -> Result<(Option<User>, Addressee), StoreError> {
        let language = Some(&command.language);
        let mut unit = self.store.read(Scope::System).await?;
        let found = unit.users().find_by_email(&command.email).await?;
        let owner = found.filter(|user| !user.is_suspended());
        if let Some(owner) = owner {
            let addressee = Addressee::load(unit.as_mut(), &owner, language).await?;
            return Ok((Some(owner), addressee));
        }
        unit.memberships().find_standing(nobody, None).await?;
        let addressee = Addressee {
            workspace_id: None,
            brand: None,
            language: command.language.clone(),
        };
        Ok((None, addressee))
    }
}
