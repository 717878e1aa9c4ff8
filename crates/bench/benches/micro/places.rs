//! Looking an address up in an IP database.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};

use criterion::Criterion;
use kogents_adapter_geoip::MmdbLocator;
use kogents_domain::session::GeoLocator as _;
use maxminddb_writer::Database;
use maxminddb_writer::paths::IpAddrWithMask;
use tempfile::TempDir;

/// A network for each first octet, so that a look-up is about as deep as in a real one.
pub(crate) fn look_up(criterion: &mut Criterion) {
    let Some(folder) = written() else { return };
    let locator = MmdbLocator::new(Some(folder.path().join("places.mmdb")));
    locator.refresh();
    let mut number = 0_u32;
    criterion.bench_function("address, look up", |bencher| {
        bencher.iter(|| {
            number = number.wrapping_add(0x0101_0107);
            locator.locate(black_box(IpAddr::V4(Ipv4Addr::from_bits(number))))
        });
    });
}

/// A folder with a database in it; none where there is no place for it.
fn written() -> Option<TempDir> {
    let folder = TempDir::new().ok()?;
    let mut database = Database::default();
    database.metadata.binary_format_major_version = 2;
    "Measured-City".clone_into(&mut database.metadata.database_type);
    for octet in 1..=223_u8 {
        let record = database.insert_value(serde_json::json!({
            "city": { "names": { "en": "Berlin" } },
            "country": { "iso_code": "DE" },
            "location": { "latitude": 52.52, "longitude": 13.405, "time_zone": "Europe/Berlin" },
            "subdivisions": [{ "iso_code": "BE" }],
        }));
        let network: IpAddrWithMask = format!("{octet}.0.0.0/8").parse().ok()?;
        database.insert_node(network, record.ok()?);
    }
    let written = database.write_to(Vec::new()).ok()?;
    std::fs::write(folder.path().join("places.mmdb"), written).ok()?;
    Some(folder)
}
