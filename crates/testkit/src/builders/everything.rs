//! Values with every optional member set, to send through stores.

use std::net::{IpAddr, Ipv6Addr};

use kogents_domain::auth::Language;
use kogents_domain::session::{
    Analytics, ClickIds, Coordinate, CountryCode, GeoSource, ScreenResolution, SessionFacts,
    TimeZoneName,
};
use kogents_domain::workspace::{Branding, Colour, HttpsUrl, Theme};

use super::address;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Analytics with every member set, each to another value.
#[must_use]
pub fn analytics_with_everything() -> Analytics {
    Analytics {
        country_code: CountryCode::parse("DE").ok(),
        coordinate: Coordinate::new(52.520_008, -13.404_954).ok(),
        timezone: TimeZoneName::parse("Europe/Berlin").ok(),
        referrer_url: some("https://search.example/?q=chat"),
        landing_page: some("https://kogents.example/prices"),
        utm_source: some("newsletter"),
        utm_medium: some("email"),
        utm_campaign: some("frühling 2026"),
        utm_term: some("live chat"),
        utm_content: some("the \"blue\" 'button'; --"),
        language: Language::parse("pt-BR").ok(),
        screen_resolution: ScreenResolution::parse("1920x1080").ok(),
        click_ids: ClickIds::clean([("gclid", "Abc-1"), ("fbclid", "Xyz_2")]),
    }
}

/// Facts with every member set, each to another value.
#[must_use]
pub fn facts_with_everything() -> SessionFacts {
    let ip_address = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, 0x2a));
    SessionFacts {
        city: some("Köln"),
        region_code: some("NW"),
        geo_source: GeoSource::Client,
        ip_country_code: CountryCode::parse("FR").ok(),
        device_type: some("desktop"),
        device_name: some("Chrome on macOS"),
        device_fingerprint: some("c29tZSBmaW5nZXJwcmludA"),
        browser_name: some("Chrome"),
        browser_version: some("141.0"),
        os_name: some("macOS"),
        os_version: some("15.6"),
        device_brand: some("Apple"),
        device_model: some("Mac"),
        is_bot: Some(false),
        is_new_device: Some(true),
        referrer_domain: some("search.example"),
        channel: some("Organic Search"),
        ..SessionFacts::from_client(ip_address, analytics_with_everything())
    }
}

/// A branding with every member set, each to another value.
#[must_use]
pub fn branding_with_everything() -> Branding {
    Branding {
        logo_url: HttpsUrl::parse("https://cdn.example/logo.png").ok(),
        favicon_url: HttpsUrl::parse("https://cdn.example/favicon.ico").ok(),
        company_name: some("Müller & Söhne"),
        industry: some("Bakery"),
        company_size: some("11-50"),
        country: some("Österreich"),
        primary_color: Colour::parse("#112233").ok(),
        secondary_color: Colour::parse("#445566").ok(),
        accent_color: Colour::parse("#778899").ok(),
        theme: Some(Theme::Dark),
        support_email: Some(address("Help@Bakery.example")),
        email_from_name: some("The bakery"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_set() {
        // None and empty collections would show here.
        for shown in [
            format!("{:?}", analytics_with_everything()),
            format!("{:?}", facts_with_everything()),
            format!("{:?}", branding_with_everything()),
        ] {
            assert!(!shown.contains("None"), "{shown}");
            assert!(!shown.contains("{}"), "{shown}");
        }
    }
}
