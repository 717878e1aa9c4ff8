//! The file changes while the server runs.

use std::io::ErrorKind;

use kogents_adapter_geoip::{Fault, MmdbLocator, Refreshed};
use kogents_domain::health::{CheckStatus, Probe as _};
use kogents_domain::session::{GeoLocator as _, IpPlace};

use crate::support::{Fixture, city_database, in_city};

const GONE: Refreshed = Refreshed::Refused(Fault::Unreadable(ErrorKind::NotFound));

/// Databases of different sizes, so that no clock is too coarse to tell one from another.
fn berlin() -> Vec<u8> {
    city_database("DE", "Berlin")
}

fn paris() -> Vec<u8> {
    city_database("FR", "Paris")
}

#[tokio::test]
async fn without_a_file_in_the_configuration_every_place_is_empty() {
    let locator = MmdbLocator::new(None);
    assert_eq!(locator.refresh(), Refreshed::Same);
    let place = locator.locate("81.2.69.142".parse().unwrap());
    assert_eq!(place, IpPlace::default());
    assert_eq!(locator.check().await, CheckStatus::Disabled);
}

#[tokio::test]
async fn the_first_look_loads_at_once() {
    let fixture = Fixture::with(&berlin());
    assert_eq!(fixture.answer(), None);
    assert_eq!(fixture.locator.check().await, CheckStatus::Down);
    assert_eq!(fixture.locator.refresh(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
    assert_eq!(fixture.locator.check().await, CheckStatus::Up);
    assert_eq!(fixture.locator.refresh(), Refreshed::Same);
}

#[tokio::test]
async fn a_file_that_is_missing_at_the_start_may_come_later() {
    let fixture = Fixture::without_file();
    assert_eq!(fixture.locator.refresh(), GONE);
    assert_eq!(fixture.locator.refresh(), Refreshed::Same);
    assert_eq!(fixture.answer(), None);
    assert_eq!(fixture.locator.check().await, CheckStatus::Down);
    fixture.replace(&berlin());
    assert_eq!(fixture.look_twice(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
    assert_eq!(fixture.locator.check().await, CheckStatus::Up);
}

#[tokio::test]
async fn a_file_that_is_broken_at_the_start_may_be_repaired() {
    let fixture = Fixture::with(b"no database");
    let refreshed = fixture.locator.refresh();
    assert!(matches!(refreshed, Refreshed::Refused(Fault::Damaged(_))));
    assert_eq!(fixture.locator.refresh(), Refreshed::Same);
    assert_eq!(fixture.locator.check().await, CheckStatus::Down);
    fixture.rewrite(&berlin());
    assert_eq!(fixture.look_twice(), Refreshed::Loaded);
    assert_eq!(fixture.locator.check().await, CheckStatus::Up);
}

#[test]
fn a_file_renamed_into_place_is_loaded_at_the_second_look() {
    let fixture = Fixture::loaded(&berlin());
    fixture.replace(&paris());
    assert_eq!(fixture.locator.refresh(), Refreshed::Settling);
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
    assert_eq!(fixture.locator.refresh(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("FR", "Paris"));
    assert_eq!(fixture.locator.refresh(), Refreshed::Same);
}

#[test]
fn a_file_written_in_place_is_loaded_when_it_has_stopped_changing() {
    let fixture = Fixture::loaded(&berlin());
    let new = paris();
    for length in [10, new.len() / 2, new.len() - 1] {
        fixture.rewrite(&new[..length]);
        assert_eq!(fixture.locator.refresh(), Refreshed::Settling);
        assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
    }
    fixture.rewrite(&new);
    assert_eq!(fixture.look_twice(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("FR", "Paris"));
}

#[test]
fn a_link_that_leads_elsewhere_is_followed() {
    let fixture = Fixture::without_file();
    for (name, content) in [("a", berlin()), ("b", paris())] {
        std::fs::write(fixture.beside(name), content).unwrap();
        std::os::unix::fs::symlink(name, fixture.beside(&format!("to-{name}"))).unwrap();
    }
    std::fs::rename(fixture.beside("to-a"), fixture.path()).unwrap();
    assert_eq!(fixture.locator.refresh(), Refreshed::Loaded);
    std::fs::rename(fixture.beside("to-b"), fixture.path()).unwrap();
    assert_eq!(fixture.look_twice(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("FR", "Paris"));
}

#[tokio::test]
async fn a_damaged_file_changes_nothing_and_is_told_of_once() {
    let fixture = Fixture::loaded(&berlin());
    let new = paris();
    fixture.replace(&new[..new.len() / 2]);
    let refreshed = fixture.look_twice();
    assert!(matches!(refreshed, Refreshed::Refused(Fault::Damaged(_))));
    for _ in 0..3 {
        assert_eq!(fixture.locator.refresh(), Refreshed::Same);
    }
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
    assert_eq!(fixture.locator.check().await, CheckStatus::Up);
    fixture.replace(&new);
    assert_eq!(fixture.look_twice(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("FR", "Paris"));
}

#[tokio::test]
async fn a_file_that_is_removed_stays_in_use_until_the_next_one() {
    let fixture = Fixture::loaded(&berlin());
    std::fs::remove_file(fixture.path()).unwrap();
    assert_eq!(fixture.locator.refresh(), GONE);
    for _ in 0..3 {
        assert_eq!(fixture.locator.refresh(), Refreshed::Same);
    }
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
    assert_eq!(fixture.locator.check().await, CheckStatus::Up);
    fixture.rewrite(&paris());
    assert_eq!(fixture.look_twice(), Refreshed::Loaded);
    assert_eq!(fixture.answer(), in_city("FR", "Paris"));
    // It is told of again when it happens again.
    std::fs::remove_file(fixture.path()).unwrap();
    assert_eq!(fixture.locator.refresh(), GONE);
}

#[test]
fn each_new_reason_is_told_of() {
    let fixture = Fixture::loaded(&berlin());
    std::fs::remove_file(fixture.path()).unwrap();
    assert_eq!(fixture.locator.refresh(), GONE);
    std::fs::create_dir(fixture.path()).unwrap();
    assert_eq!(
        fixture.locator.refresh(),
        Refreshed::Refused(Fault::NotAFile)
    );
    assert_eq!(fixture.locator.refresh(), Refreshed::Same);
    std::fs::remove_dir(fixture.path()).unwrap();
    assert_eq!(fixture.locator.refresh(), GONE);
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
}

#[test]
fn a_file_of_more_than_fits_is_not_read() {
    let fixture = Fixture::loaded(&berlin());
    // With a hole in it, so that it takes no room.
    let huge = std::fs::File::create(fixture.beside("huge")).unwrap();
    huge.set_len((1 << 30) + 1).unwrap();
    std::fs::rename(fixture.beside("huge"), fixture.path()).unwrap();
    let refreshed = fixture.look_twice();
    let limit = 1 << 30;
    assert_eq!(refreshed, Refreshed::Refused(Fault::TooLarge { limit }));
    assert_eq!(fixture.answer(), in_city("DE", "Berlin"));
}
