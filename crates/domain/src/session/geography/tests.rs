//! Every combination of what the frontend sends and what the IP database knows.

use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::session::ClickIds;

/// A frontend in Paris, as far as it tells.
fn frontend(country: bool, point: bool, zone: bool) -> Analytics {
    Analytics {
        country_code: country.then(|| CountryCode::parse("FR").unwrap()),
        coordinate: point.then(|| Coordinate::new(48.85, 2.35).unwrap()),
        timezone: zone.then(|| TimeZoneName::parse("Europe/Paris").unwrap()),
        ..Analytics::default()
    }
}

/// An address in Berlin, as far as the database knows.
fn ip(country: bool, point: bool, zone: bool) -> IpPlace {
    IpPlace {
        country_code: country.then(|| CountryCode::parse("DE").unwrap()),
        coordinate: point.then(|| Coordinate::new(52.52, 13.41).unwrap()),
        timezone: zone.then(|| TimeZoneName::parse("Europe/Berlin").unwrap()),
        city: Some("Berlin".to_owned()),
        region_code: Some("BE".to_owned()),
    }
}

/// The frontend's value where it has one, else the database's.
fn first<'a>(frontend: (bool, &'a str), ip: (bool, &'a str)) -> Option<&'a str> {
    [frontend, ip]
        .into_iter()
        .find_map(|(has, value)| has.then_some(value))
}

#[test]
fn each_group_is_the_frontends_else_the_databases() {
    for case in 0..64_u8 {
        let has = |bit: u8| case >> bit & 1 == 1;
        let found = Geography::of(
            &frontend(has(0), has(1), has(2)),
            ip(has(3), has(4), has(5)),
        );

        let country = found.country_code.as_ref().map(CountryCode::as_str);
        assert_eq!(country, first((has(0), "FR"), (has(3), "DE")), "{found:?}");

        let point = found.coordinate;
        let point = point.map(|point| format!("{} {}", point.latitude(), point.longitude()));
        let expected = first((has(1), "48.85 2.35"), (has(4), "52.52 13.41"));
        assert_eq!(point.as_deref(), expected, "{found:?}");

        let zone = found.timezone.as_ref().map(TimeZoneName::as_str);
        let expected = first((has(2), "Europe/Paris"), (has(5), "Europe/Berlin"));
        assert_eq!(zone, expected, "{found:?}");
    }
}

#[test]
fn the_source_is_that_of_the_point_else_of_the_country() {
    use GeoSource::{Client, Ip};
    let none = GeoSource::None;
    // What the frontend has, what the database has: country and point each.
    for (frontend_has, ip_has, expected) in [
        ((false, false), (false, false), none),
        ((false, false), (false, true), Ip),
        ((false, false), (true, false), Ip),
        ((false, false), (true, true), Ip),
        ((false, true), (false, false), Client),
        ((false, true), (false, true), Client),
        ((false, true), (true, false), Client),
        ((false, true), (true, true), Client),
        ((true, false), (false, false), Client),
        ((true, false), (false, true), Ip),
        ((true, false), (true, false), Client),
        ((true, false), (true, true), Ip),
        ((true, true), (false, false), Client),
        ((true, true), (false, true), Client),
        ((true, true), (true, false), Client),
        ((true, true), (true, true), Client),
    ] {
        for (z1, z2) in [(false, false), (false, true), (true, false), (true, true)] {
            let found = Geography::of(
                &frontend(frontend_has.0, frontend_has.1, z1),
                ip(ip_has.0, ip_has.1, z2),
            );
            assert_eq!(found.geo_source, expected, "{frontend_has:?} {ip_has:?}");
        }
    }
}

#[test]
fn city_region_and_ip_country_are_the_databases_whatever_the_frontend_says() {
    for frontend in [frontend(true, true, true), frontend(false, false, false)] {
        let known = Geography::of(&frontend, ip(true, true, true));
        assert_eq!(known.city.as_deref(), Some("Berlin"));
        assert_eq!(known.region_code.as_deref(), Some("BE"));
        let ip_country = known.ip_country_code.as_ref().map(CountryCode::as_str);
        assert_eq!(ip_country, Some("DE"));
        let unknown = Geography::of(&frontend, IpPlace::default());
        assert_eq!(unknown.city, None);
        assert_eq!(unknown.region_code, None);
        assert_eq!(unknown.ip_country_code, None);
    }
}

#[test]
fn facts_take_a_geography_whole_and_keep_the_rest() {
    let address = IpAddr::V4(Ipv4Addr::new(81, 2, 69, 142));
    let analytics = Analytics {
        utm_source: Some("letter".to_owned()),
        click_ids: ClickIds::default(),
        ..frontend(true, false, true)
    };
    let before = SessionFacts::from_client(address, analytics.clone());
    let geography = Geography::of(&analytics, ip(true, true, true));
    let after = before.clone().with_geography(geography.clone());
    assert_eq!(
        Geography {
            country_code: after.country_code,
            coordinate: after.coordinate,
            timezone: after.timezone.clone(),
            geo_source: after.geo_source,
            city: after.city.clone(),
            region_code: after.region_code.clone(),
            ip_country_code: after.ip_country_code,
        },
        geography
    );
    assert_eq!(after.ip_address, address);
    assert_eq!(after.utm_source.as_deref(), Some("letter"));
    // With nothing known of the address nothing changes: the frontend's values are there already.
    let unknown = Geography::of(&analytics, IpPlace::default());
    assert_eq!(before.clone().with_geography(unknown), before);
}
