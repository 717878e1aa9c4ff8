//! Makes small databases and puts them where a locator looks.

use std::path::{Path, PathBuf};

use kogents_adapter_geoip::{MmdbLocator, Refreshed};
use kogents_domain::session::{CountryCode, GeoLocator as _, IpPlace};
use maxminddb_writer::Database;
use maxminddb_writer::metadata::IpVersion;
use maxminddb_writer::paths::IpAddrWithMask;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Where files are memory, on systems that have such a place: nothing waits for a disk.
const MEMORY: &str = "/dev/shm";

/// A database with these records. IPv4 networks are of the form `81.0.0.0/8` in a tree of IPv4,
/// `::81.0.0.0/104` in one of IPv6.
pub(crate) fn database<T: serde::Serialize>(version: IpVersion, records: &[(&str, T)]) -> Vec<u8> {
    let mut database = Database::default();
    database.metadata.ip_version = version;
    database.metadata.binary_format_major_version = 2;
    "Test-City".clone_into(&mut database.metadata.database_type);
    for (network, record) in records {
        let record = database.insert_value(record).unwrap();
        database.insert_node(network.parse::<IpAddrWithMask>().unwrap(), record);
    }
    database.write_to(Vec::new()).unwrap()
}

/// A record of MaxMind's City layout.
pub(crate) fn city(country: &str, city: &str) -> Value {
    json!({
        "city": { "geoname_id": 1, "names": { "de": "anders", "en": city } },
        "country": { "iso_code": country, "names": { "en": "country" } },
    })
}

/// A database in which 81.0.0.0/8 is in that city.
pub(crate) fn city_database(country: &str, name: &str) -> Vec<u8> {
    database(IpVersion::V4, &[("81.0.0.0/8", city(country, name))])
}

/// A folder with one file in it, and a locator on that file.
pub(crate) struct Fixture {
    folder: TempDir,
    pub(crate) locator: MmdbLocator,
}

impl Fixture {
    /// Without the file.
    pub(crate) fn without_file() -> Self {
        let folder = TempDir::new_in(MEMORY).or_else(|_| TempDir::new()).unwrap();
        let locator = MmdbLocator::new(Some(folder.path().join("places.mmdb")));
        Self { folder, locator }
    }

    /// With the file, not looked at yet.
    pub(crate) fn with(content: &[u8]) -> Self {
        let fixture = Self::without_file();
        fixture.rewrite(content);
        fixture
    }

    /// With the file, loaded.
    pub(crate) fn loaded(content: &[u8]) -> Self {
        let fixture = Self::with(content);
        assert_eq!(fixture.locator.refresh(), Refreshed::Loaded);
        fixture
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("places.mmdb")
    }

    /// Another path in the folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes into the file.
    pub(crate) fn rewrite(&self, content: &[u8]) {
        std::fs::write(self.path(), content).unwrap();
    }

    /// Puts another file in its place.
    pub(crate) fn replace(&self, content: &[u8]) {
        let new = self.beside("new");
        std::fs::write(&new, content).unwrap();
        std::fs::rename(new, self.path()).unwrap();
    }

    /// Looks twice, as is needed to load what is new; says what the second look led to.
    pub(crate) fn look_twice(&self) -> Refreshed {
        assert_eq!(self.locator.refresh(), Refreshed::Settling);
        self.locator.refresh()
    }

    /// Where an address is.
    pub(crate) fn place(&self, address: &str) -> IpPlace {
        self.locator.locate(address.parse().unwrap())
    }

    /// The country and the city of 81.2.69.142.
    pub(crate) fn answer(&self) -> Option<(String, String)> {
        country_and_city(self.place("81.2.69.142"))
    }
}

/// The country and the city of a place that has both or none of them.
pub(crate) fn country_and_city(place: IpPlace) -> Option<(String, String)> {
    assert_eq!(place.country_code.is_some(), place.city.is_some());
    let country = place.country_code.as_ref().map(CountryCode::as_str)?;
    Some((country.to_owned(), place.city?))
}

/// What [`Fixture::answer`] says of that city.
pub(crate) fn in_city(country: &str, city: &str) -> Option<(String, String)> {
    Some((country.to_owned(), city.to_owned()))
}

/// The folder of damaged files.
pub(crate) fn damaged_files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged")
}
