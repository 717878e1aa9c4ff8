//! Damaged files: refused, or at the least harmless.

use std::collections::BTreeSet;

use kogents_adapter_geoip::{Fault, Refreshed};
use kogents_domain::session::IpPlace;
use maxminddb_writer::metadata::IpVersion;

use crate::support::{Fixture, city, city_database, damaged_files, database, in_city};

/// Addresses that lead to different corners of a damaged tree.
const ADDRESSES: [&str; 6] = [
    "81.2.69.142",
    "90.1.1.1",
    "1.1.1.1",
    "223.255.255.255",
    "2a02:8108::1",
    "2000::",
];

/// The files that are sound, but of something else.
const WITHOUT_COUNTRIES: [&str; 3] = [
    "country_is_a_number.mmdb",
    "of_networks.mmdb",
    "pointers_that_double.mmdb",
];

fn names() -> BTreeSet<String> {
    std::fs::read_dir(damaged_files())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".mmdb"))
        .collect()
}

#[test]
fn a_damaged_file_is_refused_at_the_start() {
    let names = names();
    assert!(names.len() >= 40, "{names:?}");
    for name in names {
        let fixture = Fixture::with(&std::fs::read(damaged_files().join(&name)).unwrap());
        let refreshed = fixture.locator.refresh();
        if WITHOUT_COUNTRIES.contains(&name.as_str()) {
            assert_eq!(refreshed, Refreshed::Refused(Fault::NoCountries), "{name}");
        } else {
            let is_refused = matches!(refreshed, Refreshed::Refused(Fault::Damaged(_)));
            assert!(is_refused, "{name}: {refreshed:?}");
        }
        for address in ADDRESSES {
            assert_eq!(fixture.place(address), IpPlace::default(), "{name}");
        }
    }
}

#[test]
fn a_damaged_file_takes_no_good_ones_place() {
    let good = city_database("DE", "Berlin");
    for name in names() {
        let fixture = Fixture::loaded(&good);
        fixture.replace(&std::fs::read(damaged_files().join(&name)).unwrap());
        let refreshed = fixture.look_twice();
        assert!(matches!(refreshed, Refreshed::Refused(_)), "{name}");
        assert_eq!(fixture.answer(), in_city("DE", "Berlin"), "{name}");
    }
}

/// Two cities, and a record of each kind of value.
fn sound() -> Vec<u8> {
    let records = [
        ("::81.0.0.0/104", city("DE", "Berlin")),
        ("2a02:8108::/32", city("FR", "Paris")),
    ];
    database(IpVersion::V6, &records)
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let sound = sound();
    for length in 0..sound.len() {
        let fixture = Fixture::with(&sound[..length]);
        let refreshed = fixture.locator.refresh();
        assert!(matches!(refreshed, Refreshed::Refused(_)), "{length}");
    }
}

/// Loads it if it can be loaded, and looks up. That this ends, without a panic, is all there is
/// to see: a byte in a name may be any other.
fn bear(content: &[u8]) -> Refreshed {
    let fixture = Fixture::with(content);
    let refreshed = fixture.locator.refresh();
    for address in ADDRESSES {
        fixture.place(address);
    }
    refreshed
}

#[test]
fn any_wrong_byte_is_borne() {
    let sound = sound();
    let mut refused = 0;
    for index in 0..sound.len() {
        for change in [0x01, 0x20, 0x80, 0xFF, sound[index]] {
            let mut damaged = sound.clone();
            damaged[index] ^= change;
            if bear(&damaged) != Refreshed::Loaded {
                refused += 1;
            }
        }
    }
    assert!(refused > sound.len() / 2, "{refused} of {}", sound.len());
}

#[test]
fn anything_before_sound_metadata_is_borne() {
    let sound = sound();
    let marker = b"\xAB\xCD\xEFMaxMind.com";
    let metadata = sound.windows(marker.len()).position(|at| at == marker);
    // Always the same sequence (Knuth's MMIX generator), so that a failure can be repeated.
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    for _ in 0..2_000 {
        let mut damaged = sound.clone();
        for byte in &mut damaged[..metadata.unwrap()] {
            // Small numbers are nodes and short lengths, and lead farther than others.
            *byte = if next() < 0x80 { next() & 0x07 } else { next() };
        }
        bear(&damaged);
    }
}
