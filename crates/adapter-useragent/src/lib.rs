//! Device detection: upstream's regular expressions for User-Agents, behind the domain's port.
//!
//! | port | adapter | technology |
//! |---|---|---|
//! | `DeviceDetector` | [`UaDetector`] | uaparser with the `regexes.yaml` of uap-core |
//!
//! The adapter finds the families of browser and operating system; what they mean for a device is
//! the domain's judgement.

mod detector;
mod loading;
mod regexes;

pub use detector::UaDetector;
