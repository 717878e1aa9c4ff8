//! A person who has signed in once, and is an admin.

use kogents_domain::auth::User;
use kogents_domain::session::{DeviceFingerprint, SessionRecord};
use kogents_domain::store::{StoreError, UnitOfWork};
use kogents_domain::workspace::Membership;

/// A person, and everything that is kept because of them.
pub(super) struct Person {
    pub(super) user: User,
    pub(super) membership: Membership,
    pub(super) session: SessionRecord,
    pub(super) fingerprint: DeviceFingerprint,
}

impl Person {
    /// Writes the person, whose workspace is there already.
    pub(super) async fn insert(&self, unit: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        unit.users().insert(&self.user).await?;
        unit.memberships().insert(&self.membership).await?;
        let opened = self.session.session.started_at;
        let devices = unit.devices();
        devices.see(self.user.id, &self.fingerprint, opened).await?;
        unit.sessions().insert(&self.session).await
    }
}
