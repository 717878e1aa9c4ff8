//! The port that lets one of many instances do what one must do at a time.

use async_trait::async_trait;
use uuid::Uuid;

use crate::store::StoreError;
use crate::time::Timestamp;

/// Keeps who does what, until when. A holder that dies keeps nobody out for longer than that.
///
/// Growth: one row per name, and names are constants of the product.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LeaseRepository: Send {
    /// Takes the lease of a name until a moment, in one statement: unless somebody else holds it
    /// beyond `now`. Its holder extends it. One that ends later than twice as far ahead as this one
    /// would was taken by a clock that was wrong, and holds nobody off. Says whether it is held.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn take(
        &mut self,
        name: &'static str,
        holder: Uuid,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives it back, if this holder has it.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn give_back(&mut self, name: &'static str, holder: Uuid) -> Result<(), StoreError>;
}
