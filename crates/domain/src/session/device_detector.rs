//! The port that reads a device from what a request says of it.

use super::{ClientHints, Device};

/// Reads a device from a request.
///
/// An adapter brings the knowledge of User-Agents, as [`UserAgentFamilies`](super::UserAgentFamilies),
/// and leaves every judgement to [`Device::describe`].
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait DeviceDetector: Send + Sync {
    /// Reads the device. Never fails: what is not recognised is of type
    /// [`Other`](super::DeviceType::Other), without names. The same hints give the same device.
    fn detect(&self, hints: &ClientHints) -> Device;
}
