//! Lets one instance at a time look after the tables of sessions.

use std::sync::Arc;

use kogents_domain::store::{Scope, Store, StoreError};
use kogents_domain::time::{Clock, Span};
use uuid::Uuid;

/// The right to look after the tables. An instance that dies with it keeps the others out for
/// [`UpkeepLease::LENGTH`] at most.
pub struct UpkeepLease {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// This instance.
    pub holder: Uuid,
}

impl UpkeepLease {
    /// How long it is taken for; who has it takes it again before each batch.
    pub const LENGTH: Span = Span::from_secs(120);

    const NAME: &'static str = "upkeep";

    /// Takes it, or keeps it. False when another instance has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let until = now.plus(Self::LENGTH);
        let mut unit = self.store.begin(Scope::System).await?;
        let taken = unit
            .leases()
            .take(Self::NAME, self.holder, until, now)
            .await?;
        unit.commit().await?;
        Ok(taken)
    }

    /// Gives it back.
    ///
    /// # Errors
    /// [`StoreError`]; then it runs out.
    pub async fn give_back(&self) -> Result<(), StoreError> {
        let mut unit = self.store.begin(Scope::System).await?;
        unit.leases().give_back(Self::NAME, self.holder).await?;
        unit.commit().await
    }
}
