//! What is read of each layout, and what is left out.

use kogents_domain::session::{Coordinate, CountryCode, IpPlace, TimeZoneName};
use maxminddb_writer::metadata::IpVersion;
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::{Fixture, database};

/// The place that a record gives.
fn place(record: impl Serialize) -> IpPlace {
    // A second network, so that a record without a country is no reason to refuse the file.
    let other = database(
        IpVersion::V4,
        &[
            ("81.0.0.0/8", Either::This(record)),
            ("90.0.0.0/8", Either::Other(json!({ "country_code": "FR" }))),
        ],
    );
    Fixture::loaded(&other).place("81.2.69.142")
}

#[derive(Serialize)]
#[serde(untagged)]
enum Either<T> {
    This(T),
    Other(Value),
}

fn berlin() -> IpPlace {
    IpPlace {
        country_code: Some(CountryCode::parse("DE").unwrap()),
        city: Some("Berlin".to_owned()),
        region_code: Some("BE".to_owned()),
        coordinate: Some(Coordinate::new(52.52, 13.405).unwrap()),
        timezone: Some(TimeZoneName::parse("Europe/Berlin").unwrap()),
    }
}

fn only_country(code: &str) -> IpPlace {
    IpPlace {
        country_code: Some(CountryCode::parse(code).unwrap()),
        ..IpPlace::default()
    }
}

/// MaxMind's City: more than is read, in several languages.
fn maxmind_city() -> Value {
    json!({
        "city": { "geoname_id": 2950159, "names": { "de": "Berlin (de)", "en": "Berlin" } },
        "continent": { "code": "EU", "names": { "en": "Europe" } },
        "country": { "is_in_european_union": true, "iso_code": "DE", "names": { "en": "Germany" } },
        "location": {
            "accuracy_radius": 50,
            "latitude": 52.52,
            "longitude": 13.405,
            "time_zone": "Europe/Berlin"
        },
        "postal": { "code": "10115" },
        "registered_country": { "iso_code": "FR" },
        "represented_country": { "iso_code": "US", "type": "military" },
        "subdivisions": [
            { "iso_code": "BE", "names": { "en": "Land Berlin" } },
            { "iso_code": "M", "names": { "en": "Mitte" } }
        ]
    })
}

#[test]
fn maxmind_city_is_read_whole() {
    assert_eq!(place(maxmind_city()), berlin());
}

#[test]
fn maxmind_country_has_a_country_and_no_more() {
    let record = json!({
        "continent": { "code": "EU" },
        "country": { "iso_code": "DE", "names": { "en": "Germany" } },
        "registered_country": { "iso_code": "FR" }
    });
    assert_eq!(place(record), only_country("DE"));
}

#[test]
fn db_ip_city_lite_has_no_codes_of_regions() {
    let record = json!({
        "city": { "names": { "en": "Berlin" } },
        "continent": { "code": "EU", "geoname_id": 6255148 },
        "country": { "geoname_id": 2921044, "is_in_european_union": true, "iso_code": "DE" },
        "location": { "latitude": 52.52, "longitude": 13.405 },
        "subdivisions": [{ "names": { "en": "Land Berlin" } }]
    });
    let expected = IpPlace {
        region_code: None,
        timezone: None,
        ..berlin()
    };
    assert_eq!(place(record), expected);
}

#[test]
fn flat_countries_are_read() {
    assert_eq!(place(json!({ "country_code": "DE" })), only_country("DE"));
    let with_name = json!({ "country": "Germany", "country_code": "DE", "continent": "Europe" });
    assert_eq!(place(with_name), only_country("DE"));
    assert_eq!(place(json!({ "country": "DE" })), only_country("DE"));
}

#[test]
fn flat_cities_are_read_and_names_of_regions_are_no_codes() {
    let record = json!({
        "city": "Berlin",
        "country_code": "DE",
        "latitude": 52.52,
        "longitude": 13.405,
        "postcode": "10115",
        "state1": "Land Berlin",
        "state2": "",
        "timezone": "Europe/Berlin"
    });
    let without_region = IpPlace {
        region_code: None,
        ..berlin()
    };
    assert_eq!(place(&record), without_region);
    let mut record = record;
    record["region_code"] = json!("BE");
    assert_eq!(place(record), berlin());
}

#[test]
fn the_registered_country_counts_only_where_there_is_no_country() {
    let registered = json!({ "iso_code": "FR" });
    for (record, code) in [
        (json!({ "registered_country": registered }), Some("FR")),
        (
            json!({ "registered_country": registered, "country": { "iso_code": "DE" } }),
            Some("DE"),
        ),
        // There is a country, of which the code is not known.
        (
            json!({ "registered_country": registered, "country": { "geoname_id": 1 } }),
            None,
        ),
        (
            json!({ "registered_country": registered, "country": { "iso_code": "XK" } }),
            None,
        ),
    ] {
        let found = place(&record).country_code;
        let found = found.as_ref().map(CountryCode::as_str);
        assert_eq!(found, code, "{record}");
    }
}

type Change<T> = fn(&mut T);

#[test]
fn what_does_not_parse_is_left_out_and_the_rest_stays() {
    let cases: [(&str, Change<Value>, Change<IpPlace>); 8] = [
        (
            "country",
            |record| record["country"]["iso_code"] = json!("XX"),
            |place| place.country_code = None,
        ),
        (
            "city",
            |record| record["city"]["names"]["en"] = json!("a\u{0}b"),
            |place| place.city = None,
        ),
        (
            "long city",
            |record| record["city"]["names"]["en"] = json!("x".repeat(101)),
            |place| place.city = None,
        ),
        (
            "region",
            |record| record["subdivisions"][0]["iso_code"] = json!("Land Berlin"),
            |place| place.region_code = None,
        ),
        (
            "no regions",
            |record| record["subdivisions"] = json!([]),
            |place| place.region_code = None,
        ),
        (
            "latitude",
            |record| record["location"]["latitude"] = json!(90.5),
            |place| place.coordinate = None,
        ),
        (
            "longitude",
            |record| record["location"]["longitude"] = json!(-181.0),
            |place| place.coordinate = None,
        ),
        (
            "time zone",
            |record| record["location"]["time_zone"] = json!("Mars/Base"),
            |place| place.timezone = None,
        ),
    ];
    for (name, spoil, take) in cases {
        let (mut record, mut expected) = (maxmind_city(), berlin());
        spoil(&mut record);
        take(&mut expected);
        assert_eq!(place(record), expected, "{name}");
    }
}

#[test]
fn what_is_of_another_type_is_left_out_and_the_rest_stays() {
    let others = [
        json!(true),
        json!(7),
        json!(1.5),
        json!([1]),
        json!({ "a": 1 }),
    ];
    let cases: [(&str, Change<IpPlace>); 5] = [
        ("/country/iso_code", |place| place.country_code = None),
        ("/city/names/en", |place| place.city = None),
        ("/subdivisions/0/iso_code", |place| place.region_code = None),
        ("/location/time_zone", |place| place.timezone = None),
        ("/location/latitude", |place| place.coordinate = None),
    ];
    for (path, take) in cases {
        for other in &others {
            let (mut record, mut expected) = (maxmind_city(), berlin());
            let is_a_number = other.is_number() && path.ends_with("latitude");
            *record.pointer_mut(path).unwrap() = other.clone();
            take(&mut expected);
            if !is_a_number {
                assert_eq!(place(record), expected, "{path} {other}");
            }
        }
    }
    let texts = json!({
        "country": "DE", "city": "Berlin", "location": "here", "subdivisions": "BE",
        "registered_country": "FR"
    });
    let expected = IpPlace {
        city: Some("Berlin".to_owned()),
        ..only_country("DE")
    };
    assert_eq!(place(texts), expected);
    assert_eq!(place("DE"), IpPlace::default());
    assert_eq!(place(["DE"]), IpPlace::default());
}

#[test]
fn a_point_is_whole_and_of_one_place() {
    for record in [
        json!({ "location": { "latitude": 52.52 } }),
        json!({ "longitude": 13.405 }),
        json!({ "location": { "latitude": 52.52 }, "longitude": 13.405 }),
        json!({ "location": { "longitude": 13.405 }, "latitude": 52.52 }),
    ] {
        assert_eq!(place(&record).coordinate, None, "{record}");
    }
}

#[test]
fn numbers_may_be_written_in_any_way() {
    #[derive(Serialize)]
    struct Point<A, B> {
        latitude: A,
        longitude: B,
    }
    let point = |latitude, longitude| Some(Coordinate::new(latitude, longitude).unwrap());
    let narrow = Point {
        latitude: 52.52_f32,
        longitude: -13.405_f32,
    };
    assert_eq!(place(narrow).coordinate, point(52.52, -13.405));
    let whole = Point {
        latitude: 52_u16,
        longitude: -13_i32,
    };
    assert_eq!(place(whole).coordinate, point(52.0, -13.0));
    let text = Point {
        latitude: "52.52",
        longitude: " -13.405 ",
    };
    assert_eq!(place(text).coordinate, point(52.52, -13.405));
    for latitude in ["", "north", "NaN", "inf", "91"] {
        let text = Point {
            latitude,
            longitude: 13.405,
        };
        assert_eq!(place(text).coordinate, None, "{latitude:?}");
    }
}
