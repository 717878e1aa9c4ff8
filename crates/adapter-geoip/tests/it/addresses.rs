//! Which record an address leads to.

use kogents_domain::session::{CountryCode, IpPlace};
use maxminddb_writer::metadata::IpVersion;
use serde_json::json;

use crate::support::{Fixture, database};

fn country(fixture: &Fixture, address: &str) -> Option<String> {
    let place = fixture.place(address);
    let code = place.country_code.as_ref().map(CountryCode::as_str);
    code.map(ToOwned::to_owned)
}

fn record(code: &str) -> serde_json::Value {
    json!({ "country_code": code })
}

#[test]
fn a_tree_of_ipv4_answers_for_ipv4() {
    let records = [
        ("81.0.0.0/8", record("GB")),
        ("90.0.0.0/9", record("FR")),
        ("90.128.0.0/32", record("DE")),
    ];
    let fixture = Fixture::loaded(&database(IpVersion::V4, &records));
    for (address, code) in [
        ("81.2.69.142", Some("GB")),
        ("81.255.255.255", Some("GB")),
        ("82.0.0.0", None),
        ("90.0.0.1", Some("FR")),
        ("90.128.0.0", Some("DE")),
        ("90.128.0.1", None),
        ("::ffff:81.2.69.142", Some("GB")),
        ("64:ff9b::81.2.69.142", Some("GB")),
        ("2a02:8108::1", None),
    ] {
        assert_eq!(country(&fixture, address).as_deref(), code, "{address}");
    }
}

#[test]
fn a_tree_of_ipv6_answers_for_both() {
    let records = [
        ("::81.0.0.0/104", record("GB")),
        ("2a02:8108::/32", record("DE")),
        ("2002::/16", record("FR")),
    ];
    let fixture = Fixture::loaded(&database(IpVersion::V6, &records));
    for (address, code) in [
        ("81.2.69.142", Some("GB")),
        ("82.0.0.0", None),
        ("::ffff:81.2.69.142", Some("GB")),
        ("64:ff9b::81.2.69.142", Some("GB")),
        ("2a02:8108::1", Some("DE")),
        ("2a02:8108:ffff:ffff:ffff:ffff:ffff:ffff", Some("DE")),
        ("2a02:8109::1", None),
        // Tells where a relay is.
        ("2002:808:808::1", None),
    ] {
        assert_eq!(country(&fixture, address).as_deref(), code, "{address}");
    }
}

#[test]
fn an_address_that_is_not_global_is_not_looked_up() {
    let everywhere = Fixture::loaded(&database(IpVersion::V4, &[("0.0.0.0/0", record("DE"))]));
    assert_eq!(country(&everywhere, "8.8.8.8").as_deref(), Some("DE"));
    for address in [
        "10.1.2.3",
        "127.0.0.1",
        "100.64.0.1",
        "192.0.2.1",
        "169.254.1.1",
        "::ffff:10.1.2.3",
        "255.255.255.255",
    ] {
        assert_eq!(everywhere.place(address), IpPlace::default(), "{address}");
    }
    let everywhere = Fixture::loaded(&database(IpVersion::V6, &[("::/0", record("DE"))]));
    assert_eq!(country(&everywhere, "2a02:8108::1").as_deref(), Some("DE"));
    assert_eq!(country(&everywhere, "8.8.8.8").as_deref(), Some("DE"));
    for address in ["::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"] {
        assert_eq!(everywhere.place(address), IpPlace::default(), "{address}");
    }
}
