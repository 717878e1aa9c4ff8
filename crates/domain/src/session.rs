//! Sessions: one signed-in client of one person each.

mod activity;
mod analytics;
mod channel;
mod client_values;
mod device;
mod device_detector;
mod device_fingerprint;
mod facts;
mod filling;
mod geo_locator;
mod geography;
mod global_address;
mod handle;
mod ip_place;
mod link_values;
mod minimising;
mod record;
mod referrer;
mod session_counters;
mod session_repository;
mod session_states;
mod session_upkeep;
mod user_devices;

pub use activity::{ActivityCount, SessionActivity};
pub use analytics::Analytics;
pub use channel::{Attribution, Channel};
pub use client_values::{Coordinate, CountryCode, ScreenResolution, TimeZoneName};
pub use device::{ClientHints, Device, DeviceType, Family, UserAgentFamilies};
pub use device_detector::DeviceDetector;
pub use device_fingerprint::{DeviceFingerprint, FingerprintParts};
pub use facts::{FromFrontend, GeoSource, SessionFacts};
pub use geo_locator::GeoLocator;
pub use geography::Geography;
pub use global_address::{global_address, is_global};
pub use handle::SessionHandle;
pub use ip_place::IpPlace;
pub use link_values::{ClickIds, clean_url, clean_utm};
pub use record::{
    EndReason, Lifetimes, NewSession, RefreshState, Session, SessionEnd, SessionRecord, SessionType,
};
pub use referrer::referrer_domain;
pub use session_counters::{SessionCounters, Unflushed};
pub use session_repository::{MAX_OPEN, Rotation, SessionQuota, SessionRepository};
pub use session_states::{
    Fence, SessionSnapshot, SessionStates, Touch, Touched, Touching, Vouched,
};
pub use session_upkeep::{SessionUpkeep, TimedOut, Traces, UpkeepLag};
pub use user_devices::{MAX_DEVICES, SeenDevice, UserDeviceRepository};

#[cfg(feature = "mock")]
pub use {
    device_detector::MockDeviceDetector, geo_locator::MockGeoLocator,
    session_counters::MockSessionCounters, session_repository::MockSessionRepository,
    session_states::MockSessionStates, session_upkeep::MockSessionUpkeep,
    user_devices::MockUserDeviceRepository,
};
