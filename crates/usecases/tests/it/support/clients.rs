//! The client that requests come from, its device and its place.

use kogents_domain::session::{
    ClientHints, Coordinate, CountryCode, Device, DeviceType, IpPlace, MockDeviceDetector,
    MockGeoLocator, TimeZoneName,
};
use kogents_usecases::session::Client;
use mockall::predicate::eq;

use super::{client_ip, language};

/// A telephone in Cologne whose owner reads German first.
pub(crate) fn client() -> Client {
    Client {
        ip_address: client_ip(),
        hints: ClientHints::of_user_agent("Pixel 9"),
        language: Some(language("de-AT")),
    }
}

/// What the client's User-Agent says of its device: everything.
pub(crate) fn device() -> Device {
    let some = |text: &str| Some(text.to_owned());
    Device {
        device_type: DeviceType::Mobile,
        device_name: "Chrome on Android".to_owned(),
        browser_name: some("Chrome"),
        browser_version: some("131.0"),
        os_name: some("Android"),
        os_version: some("15"),
        device_brand: some("Google"),
        device_model: some("Pixel 9"),
        is_bot: false,
    }
}

/// Where the client's address is: everything.
pub(crate) fn place() -> IpPlace {
    IpPlace {
        country_code: CountryCode::parse("DE").ok(),
        city: Some("K\u{F6}ln".to_owned()),
        region_code: Some("NW".to_owned()),
        coordinate: Coordinate::new(50.9, 7.0).ok(),
        timezone: TimeZoneName::parse("Europe/Berlin").ok(),
    }
}

/// Reads the client's User-Agent, and no other.
pub(crate) fn detector() -> MockDeviceDetector {
    let mut detector = MockDeviceDetector::new();
    detector
        .expect_detect()
        .with(eq(client().hints))
        .returning(|_| device());
    detector
}

/// Knows the client's address, and no other.
pub(crate) fn locator() -> MockGeoLocator {
    let mut locator = MockGeoLocator::new();
    locator
        .expect_locate()
        .with(eq(client_ip()))
        .returning(|_| place());
    locator
}
