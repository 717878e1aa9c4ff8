//! Learning of a client what its session's facts are made of.

use std::net::IpAddr;
use std::sync::Arc;

use kogents_domain::session::{
    Analytics, ClickIds, Coordinate, CountryCode, Device, FromFrontend, GeoSource, IpPlace,
    MockDeviceDetector, MockGeoLocator, ScreenResolution, SessionFacts, TimeZoneName,
};
use kogents_usecases::session::{Captured, Client, SessionCapture};

use crate::support::{Bench, ada_id, bob_id, client, client_ip, device, language, place};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Everything that a frontend may tell.
fn told() -> Analytics {
    Analytics {
        country_code: CountryCode::parse("FR").ok(),
        coordinate: Coordinate::new(48.8, 2.3).ok(),
        timezone: TimeZoneName::parse("Europe/Paris").ok(),
        referrer_url: some("https://www.google.com/search"),
        landing_page: some("https://kogents.example/prices"),
        utm_source: some("google"),
        utm_medium: some("cpc"),
        utm_campaign: some("spring"),
        utm_term: some("live chat"),
        utm_content: some("blue button"),
        language: Some(language("fr-CA")),
        screen_resolution: ScreenResolution::parse("1080x2424").ok(),
        click_ids: ClickIds::clean([("gclid", "Abc-1")]),
    }
}

/// What is captured of Ada's client when its frontend tells this.
fn captured(analytics: Analytics) -> Captured {
    Bench::new().capture().of(ada_id(), client(), analytics)
}

/// The same where the address is in this place.
fn captured_at(place: IpPlace, analytics: Analytics) -> SessionFacts {
    let mut locator = MockGeoLocator::new();
    locator.expect_locate().return_once(move |_| place);
    let capture = SessionCapture {
        locator: Arc::new(locator),
        ..Bench::new().capture()
    };
    capture.of(ada_id(), client(), analytics).facts
}

#[test]
fn every_fact_comes_from_the_frontend_the_device_the_place_or_what_follows_from_them() {
    let captured = captured(told());

    let analytics = told();
    let expected = SessionFacts {
        from_frontend: FromFrontend {
            country: true,
            coordinate: true,
            timezone: true,
            language: true,
        },
        ip_address: client_ip(),
        country_code: analytics.country_code,
        city: some("K\u{F6}ln"),
        region_code: some("NW"),
        coordinate: analytics.coordinate,
        timezone: analytics.timezone,
        geo_source: GeoSource::Client,
        ip_country_code: CountryCode::parse("DE").ok(),
        device_type: some("mobile"),
        device_name: some("Chrome on Android"),
        device_fingerprint: some(captured.fingerprint.as_str()),
        browser_name: some("Chrome"),
        browser_version: some("131.0"),
        os_name: some("Android"),
        os_version: some("15"),
        device_brand: some("Google"),
        device_model: some("Pixel 9"),
        is_bot: Some(false),
        // Found out when the session is opened.
        is_new_device: None,
        language: analytics.language,
        screen_resolution: analytics.screen_resolution,
        referrer_url: analytics.referrer_url,
        referrer_domain: some("www.google.com"),
        landing_page: analytics.landing_page,
        utm_source: some("google"),
        utm_medium: some("cpc"),
        utm_campaign: some("spring"),
        utm_term: some("live chat"),
        utm_content: some("blue button"),
        click_ids: analytics.click_ids,
        channel: some("paid search"),
    };
    assert_eq!(captured.facts, expected);
}

#[test]
fn where_the_frontend_tells_nothing_the_request_does() {
    let facts = captured(Analytics::default()).facts;

    assert_eq!(facts.from_frontend, FromFrontend::default());
    assert_eq!(facts.language, Some(language("de-AT")));
    assert_eq!(facts.country_code, place().country_code);
    assert_eq!(facts.coordinate, place().coordinate);
    assert_eq!(facts.timezone, place().timezone);
    assert_eq!(facts.geo_source, GeoSource::Ip);
    assert_eq!(facts.referrer_domain, None);
    assert_eq!(facts.channel.as_deref(), Some("direct"));
}

#[test]
fn the_frontends_language_goes_before_the_clients_first() {
    for (frontend, clients, known, is_from_frontend) in [
        (Some("fr"), Some("de"), Some("fr"), true),
        (Some("fr"), None, Some("fr"), true),
        (None, Some("de"), Some("de"), false),
        (None, None, None, false),
    ] {
        let client = Client {
            language: clients.map(language),
            ..client()
        };
        let analytics = Analytics {
            language: frontend.map(language),
            ..Analytics::default()
        };
        let facts = Bench::new().capture().of(ada_id(), client, analytics).facts;
        assert_eq!(facts.language, known.map(language));
        assert_eq!(facts.from_frontend.language, is_from_frontend);
    }
}

#[test]
fn country_point_and_time_zone_are_taken_one_by_one_the_frontends_first() {
    let country = Analytics {
        country_code: told().country_code,
        ..Analytics::default()
    };
    let facts = captured(country).facts;
    assert_eq!(facts.country_code, told().country_code);
    assert_eq!(facts.coordinate, place().coordinate);
    assert_eq!(facts.timezone, place().timezone);
    assert_eq!(facts.geo_source, GeoSource::Ip);
    let from = facts.from_frontend;
    assert_eq!(
        (from.country, from.coordinate, from.timezone),
        (true, false, false)
    );

    let point = Analytics {
        coordinate: told().coordinate,
        ..Analytics::default()
    };
    let facts = captured(point).facts;
    assert_eq!(facts.country_code, place().country_code);
    assert_eq!(facts.coordinate, told().coordinate);
    assert_eq!(facts.geo_source, GeoSource::Client);
    let from = facts.from_frontend;
    assert_eq!(
        (from.country, from.coordinate, from.timezone),
        (false, true, false)
    );

    let zone = Analytics {
        timezone: told().timezone,
        ..Analytics::default()
    };
    let facts = captured(zone).facts;
    assert_eq!(facts.timezone, told().timezone);
    assert_eq!(facts.country_code, place().country_code);
    let from = facts.from_frontend;
    assert_eq!(
        (from.country, from.coordinate, from.timezone),
        (false, false, true)
    );
}

#[test]
fn a_place_that_nobody_knows_is_none() {
    let facts = captured_at(IpPlace::default(), Analytics::default());
    assert_eq!(facts.geo_source, GeoSource::None);
    assert_eq!((facts.country_code, facts.city), (None, None));

    // What is about security goes by the address alone.
    let facts = captured_at(IpPlace::default(), told());
    assert_eq!(facts.geo_source, GeoSource::Client);
    assert_eq!(facts.ip_country_code, None);
}

#[test]
fn an_ipv4_address_in_the_clothes_of_an_ipv6_one_is_kept_as_what_it_is() {
    let mut locator = MockGeoLocator::new();
    locator.expect_locate().returning(|_| place());
    let capture = SessionCapture {
        locator: Arc::new(locator),
        ..Bench::new().capture()
    };
    let client = Client {
        ip_address: "::ffff:203.0.113.7".parse::<IpAddr>().unwrap(),
        ..client()
    };
    let facts = capture.of(ada_id(), client, Analytics::default()).facts;
    assert_eq!(facts.ip_address, client_ip());
}

#[test]
fn a_page_of_the_same_site_led_nobody_here() {
    let facts = captured(Analytics {
        referrer_url: some("https://kogents.example/blog"),
        landing_page: some("https://www.kogents.example/"),
        ..Analytics::default()
    })
    .facts;
    assert_eq!(facts.referrer_domain, None);
    assert_eq!(facts.channel.as_deref(), Some("direct"));

    let facts = captured(Analytics {
        referrer_url: some("https://blog.example/post"),
        landing_page: some("https://www.kogents.example/"),
        ..Analytics::default()
    })
    .facts;
    assert_eq!(facts.referrer_domain.as_deref(), Some("blog.example"));
    assert_eq!(facts.channel.as_deref(), Some("referral"));
}

/// The fingerprint of this device of Ada's.
fn fingerprint_on(device: Device) -> String {
    let mut detector = MockDeviceDetector::new();
    detector.expect_detect().return_once(move |_| device);
    let capture = SessionCapture {
        detector: Arc::new(detector),
        ..Bench::new().capture()
    };
    let captured = capture.of(ada_id(), client(), Analytics::default());
    captured.fingerprint.as_str().to_owned()
}

#[test]
fn a_fingerprint_is_the_same_for_one_person_on_one_kind_of_device_and_no_other() {
    let own = captured(Analytics::default()).fingerprint;
    assert_eq!(own.as_str(), fingerprint_on(device()));
    let updated = Device {
        browser_version: some("132.0"),
        os_version: some("16"),
        ..device()
    };
    assert_eq!(own.as_str(), fingerprint_on(updated));

    let another = Device {
        browser_name: some("Firefox"),
        ..device()
    };
    assert_ne!(own.as_str(), fingerprint_on(another));
    let capture = Bench::new().capture();
    let bobs = capture.of(bob_id(), client(), Analytics::default());
    assert_ne!(own, bobs.fingerprint);
    // The language is part of it: the one that the session has in the end.
    assert_ne!(own, captured(told()).fingerprint);
    let german = Analytics {
        language: Some(language("de")),
        ..told()
    };
    assert_eq!(own, captured(german).fingerprint);
}
