//! The IP database as an operator meets it: named in the configuration, there, missing, damaged.

use std::collections::BTreeMap;
use std::path::PathBuf;

use maxminddb_writer::Database;
use maxminddb_writer::paths::IpAddrWithMask;
use tempfile::TempDir;

use crate::support::{Backend, TestApp};

/// A server whose IP database is the file `places.mmdb` in a folder.
async fn start(folder: &TempDir) -> TestApp {
    let path = path(folder);
    Backend::Embedded
        .start_with(|config| config.geography.database = Some(path))
        .await
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("places.mmdb")
}

/// A database by which every address is in Germany.
fn database() -> Vec<u8> {
    let mut database = Database::default();
    database.metadata.binary_format_major_version = 2;
    let record = database.insert_value(BTreeMap::from([("country_code", "DE")]));
    let everywhere: IpAddrWithMask = "0.0.0.0/0".parse().unwrap();
    database.insert_node(everywhere, record.unwrap());
    database.write_to(Vec::new()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_loaded_before_the_server_listens() {
    let folder = TempDir::new().unwrap();
    std::fs::write(path(&folder), database()).unwrap();
    let app = start(&folder).await;
    let health = app.get("/health").await.expect(200);
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["checks"]["geoip"]["status"], "up");
    let place = app
        .adapters()
        .locator
        .locate("81.2.69.142".parse().unwrap());
    assert_eq!(place.country_code.unwrap().as_str(), "DE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_missing_or_damaged_degrades_and_stops_nothing() {
    let whole = database();
    let damaged = &whole[..whole.len() / 2];
    for content in [None, Some(damaged)] {
        let folder = TempDir::new().unwrap();
        if let Some(content) = content {
            std::fs::write(path(&folder), content).unwrap();
        }
        let app = start(&folder).await;
        let health = app.get("/health").await.expect(200);
        assert_eq!(health["status"], "degraded");
        assert_eq!(health["checks"]["geoip"]["status"], "down");
        app.get("/health/ready").await.expect(200);
        app.sign_up_and_confirm("ada@example.com").await;
    }
}
