//! The port that keeps which kinds of device a person was seen on.

use async_trait::async_trait;

use super::DeviceFingerprint;
use crate::ids::UserId;
use crate::store::StoreError;
use crate::time::Timestamp;

/// A kind of device that a person was seen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDevice {
    /// Which.
    pub fingerprint: DeviceFingerprint,
    /// When first.
    pub first_seen: Timestamp,
    /// When last.
    pub last_seen: Timestamp,
}

/// Keeps the kinds of device that persons were seen on, apart from their sessions, which are
/// dropped sooner.
///
/// Growth: at most [`MAX_DEVICES`] per person, of which the one not seen longest gives way; those
/// not seen for as long as sessions are kept are removed by the sweep.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserDeviceRepository: Send {
    /// Notes that a person is seen on a device, and says whether that is the first time. Of any
    /// number of parallel calls one is the first. The caller holds the person's row.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn see(
        &mut self,
        user: UserId,
        fingerprint: &DeviceFingerprint,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The devices that a person was seen on, the one seen last first.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list(&mut self, user: UserId) -> Result<Vec<SeenDevice>, StoreError>;

    /// Removes at most `limit` devices last seen before this moment, and says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn drop_unseen_since(&mut self, moment: Timestamp, limit: u32)
    -> Result<u64, StoreError>;
}

/// The most devices that are kept of a person.
pub const MAX_DEVICES: u32 = 200;
