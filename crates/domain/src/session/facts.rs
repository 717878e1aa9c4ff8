//! What is learnt of a client when its session is opened; written once.

use std::net::IpAddr;

use super::{
    Analytics, ClickIds, Coordinate, CountryCode, Device, DeviceFingerprint, ScreenResolution,
    TimeZoneName,
};
use crate::auth::Language;

/// Where a session's place comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeoSource {
    /// The frontend.
    Client,
    /// The IP database.
    Ip,
    /// Nowhere: the place is unknown.
    None,
}

impl GeoSource {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Client, Self::Ip, Self::None];

    /// The name on the wire and in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Ip => "ip",
            Self::None => "none",
        }
    }

    /// The source with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }
}

/// Which of the facts that the server could derive came from the frontend: these stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FromFrontend {
    /// The country.
    pub country: bool,
    /// The point.
    pub coordinate: bool,
    /// The time zone.
    pub timezone: bool,
    /// The language.
    pub language: bool,
}

/// The facts of a session. What is unknown is None.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionFacts {
    /// What came from the frontend where the server could have derived it.
    pub from_frontend: FromFrontend,
    /// The client's address; IPv4-mapped IPv6 addresses are kept as IPv4.
    pub ip_address: IpAddr,
    /// The country.
    pub country_code: Option<CountryCode>,
    /// The city, by the IP database.
    pub city: Option<String>,
    /// The region (ISO 3166-2, the part after the hyphen), by the IP database.
    pub region_code: Option<String>,
    /// The point.
    pub coordinate: Option<Coordinate>,
    /// The time zone.
    pub timezone: Option<TimeZoneName>,
    /// Where the point comes from, else where the country does.
    pub geo_source: GeoSource,
    /// The country by the IP database alone.
    pub ip_country_code: Option<CountryCode>,
    /// desktop, mobile, tablet, tv, console, wearable, bot or other.
    pub device_type: Option<String>,
    /// "Chrome on macOS".
    pub device_name: Option<String>,
    /// The same value for the same person on the same kind of device.
    pub device_fingerprint: Option<String>,
    /// The browser's family.
    pub browser_name: Option<String>,
    /// The browser's version, major.minor.
    pub browser_version: Option<String>,
    /// The operating system's family.
    pub os_name: Option<String>,
    /// The operating system's version.
    pub os_version: Option<String>,
    /// The device's maker.
    pub device_brand: Option<String>,
    /// The device's model.
    pub device_model: Option<String>,
    /// Whether the client is an automaton.
    pub is_bot: Option<bool>,
    /// Whether this person never had such a device before.
    pub is_new_device: Option<bool>,
    /// The client's language.
    pub language: Option<Language>,
    /// The client's screen.
    pub screen_resolution: Option<ScreenResolution>,
    /// The page that led here.
    pub referrer_url: Option<String>,
    /// That page's host.
    pub referrer_domain: Option<String>,
    /// The page entered at.
    pub landing_page: Option<String>,
    /// `utm_source`.
    pub utm_source: Option<String>,
    /// `utm_medium`.
    pub utm_medium: Option<String>,
    /// `utm_campaign`.
    pub utm_campaign: Option<String>,
    /// `utm_term`.
    pub utm_term: Option<String>,
    /// `utm_content`.
    pub utm_content: Option<String>,
    /// Click ids of advertising platforms.
    pub click_ids: ClickIds,
    /// The channel, by Google's default channel grouping.
    pub channel: Option<String>,
}

impl SessionFacts {
    /// The facts that a request's address and the frontend's analytics give.
    #[must_use]
    pub fn from_client(ip_address: IpAddr, analytics: Analytics) -> Self {
        let geo_source = if analytics.coordinate.is_some() || analytics.country_code.is_some() {
            GeoSource::Client
        } else {
            GeoSource::None
        };
        Self {
            from_frontend: FromFrontend {
                country: analytics.country_code.is_some(),
                coordinate: analytics.coordinate.is_some(),
                timezone: analytics.timezone.is_some(),
                language: analytics.language.is_some(),
            },
            ip_address: ip_address.to_canonical(),
            country_code: analytics.country_code,
            city: None,
            region_code: None,
            coordinate: analytics.coordinate,
            timezone: analytics.timezone,
            geo_source,
            ip_country_code: None,
            device_type: None,
            device_name: None,
            device_fingerprint: None,
            browser_name: None,
            browser_version: None,
            os_name: None,
            os_version: None,
            device_brand: None,
            device_model: None,
            is_bot: None,
            is_new_device: None,
            language: analytics.language,
            screen_resolution: analytics.screen_resolution,
            referrer_url: analytics.referrer_url,
            referrer_domain: None,
            landing_page: analytics.landing_page,
            utm_source: analytics.utm_source,
            utm_medium: analytics.utm_medium,
            utm_campaign: analytics.utm_campaign,
            utm_term: analytics.utm_term,
            utm_content: analytics.utm_content,
            click_ids: analytics.click_ids,
            channel: None,
        }
    }

    /// The same facts with this device in place of theirs. Whether it is new to the person is
    /// found out when the session is opened.
    #[must_use]
    pub fn with_device(self, device: Device, fingerprint: &DeviceFingerprint) -> Self {
        Self {
            device_type: Some(device.device_type.as_str().to_owned()),
            device_name: Some(device.device_name),
            device_fingerprint: Some(fingerprint.as_str().to_owned()),
            browser_name: device.browser_name,
            browser_version: device.browser_version,
            os_name: device.os_name,
            os_version: device.os_version,
            device_brand: device.device_brand,
            device_model: device.device_model,
            is_bot: Some(device.is_bot),
            ..self
        }
    }
}
